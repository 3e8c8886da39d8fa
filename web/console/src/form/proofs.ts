import type { Drawing, FileUse } from "../api/types";

/** One file in a slot: on its way, there, or failed. */
export type Piece = {
  key: string;
  name: string;
  thumb: string | null;
  /** 0 to 1 while it is sent. */
  share: number;
  use: FileUse | null;
  error: string | null;
};

export type Proofs = {
  pieces: Record<string, Piece[]>;
  drawing: Drawing | null;
};

export const NO_PROOFS: Proofs = { pieces: {}, drawing: null };

/** Files that are there, as they go into a command. */
export function usesOf(proofs: Proofs): FileUse[] {
  return Object.values(proofs.pieces).flatMap((pieces) => pieces.flatMap((piece) => (piece.use ? [piece.use] : [])));
}

export function isSending(proofs: Proofs): boolean {
  return Object.values(proofs.pieces).some((pieces) => pieces.some((piece) => !piece.use && !piece.error));
}

/** What a draft can keep: files that the server has, by their hash. */
export function keepable(proofs: Proofs): Proofs {
  const pieces = Object.entries(proofs.pieces).map(([slot, members]) => {
    const sent = members.filter((piece) => piece.use);
    return [slot, sent.map((piece) => ({ ...piece, thumb: `/api/v1/files/${piece.use!.sha256}/thumb` }))] as const;
  });
  return { pieces: Object.fromEntries(pieces), drawing: null };
}

/** Places a piece anew, by its key. */
export function withPiece(proofs: Proofs, slot: string, piece: Piece): Proofs {
  const members = proofs.pieces[slot] ?? [];
  const known = members.some((one) => one.key === piece.key);
  const next = known ? members.map((one) => (one.key === piece.key ? piece : one)) : [...members, piece];
  return { ...proofs, pieces: { ...proofs.pieces, [slot]: next } };
}

export function withoutPiece(proofs: Proofs, slot: string, key: string): Proofs {
  return { ...proofs, pieces: { ...proofs.pieces, [slot]: (proofs.pieces[slot] ?? []).filter((one) => one.key !== key) } };
}
