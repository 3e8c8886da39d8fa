import { useCallback, useRef, type SetStateAction } from "react";

import { upload, whereAmI, type FileKind } from "../../api/files";
import { uuid7 } from "../../api/uuid";
import { failureText } from "../../parts/states";
import { useWords } from "../../words/words";
import { withoutPiece, withPiece, type Piece, type Proofs } from "../proofs";

type Change = (next: SetStateAction<Proofs>) => void;

/** Sends files into a slot, one after another, and says how far each is. */
export function useSending(slot: string, kind: FileKind, change: Change) {
  const { t } = useWords();
  const files = useRef(new Map<string, File>());

  const send = useCallback(
    async (piece: Piece) => {
      const file = files.current.get(piece.key);
      if (!file) return;
      const put = (part: Partial<Piece>) => change((before) => withPiece(before, slot, { ...piece, ...part }));
      put({ share: 0, error: null });
      try {
        const place = await whereAmI();
        const use = await upload(file, slot, kind, place, (share) => put({ share, error: null }));
        put({ share: 1, use, error: null });
      } catch (error) {
        put({ error: failureText(error, t) });
      }
    },
    [slot, kind, change, t],
  );

  const add = useCallback(
    (chosen: File[]) => {
      for (const file of chosen) {
        const thumb = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
        const piece: Piece = { key: uuid7(), name: file.name, thumb, share: 0, use: null, error: null };
        files.current.set(piece.key, file);
        void send(piece);
      }
    },
    [send],
  );
  const remove = useCallback(
    (piece: Piece) => {
      files.current.delete(piece.key);
      change((before) => withoutPiece(before, slot, piece.key));
    },
    [slot, change],
  );
  return { add, again: (piece: Piece) => void send(piece), remove };
}
