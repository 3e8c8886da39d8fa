import { CameraOutlined, CloseOutlined, PictureOutlined, ReloadOutlined } from "@ant-design/icons";
import { Progress } from "antd";
import { useId, useRef, type SetStateAction } from "react";

import { useWords } from "../../words/words";
import type { Piece, Proofs } from "../proofs";
import { useSending } from "./sending";

export type SlotProps = {
  slot: string;
  label: string;
  max: number;
  pieces: Piece[];
  change: (next: SetStateAction<Proofs>) => void;
};

/** Photos of one kind: taken here or chosen, each sent at once with its progress shown. */
export function PhotoSlot({ slot, label, max, pieces, change }: SlotProps) {
  const { t } = useWords();
  const camera = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const inputId = useId();
  const { add, again, remove } = useSending(slot, "photo", change);
  const room = max - pieces.length;
  const take = (list: FileList | null) => add(Array.from(list ?? []).slice(0, room));
  return (
    <div className="photos" role="group" aria-label={label} data-slot={slot}>
      {pieces.map((piece) => (
        <figure key={piece.key} className={`photo ${piece.error ? "failed" : ""}`}>
          {piece.thumb ? <img src={piece.thumb} alt={piece.name} /> : <PictureOutlined />}
          {!piece.use && !piece.error && (
            <Progress type="circle" size={44} percent={Math.round(piece.share * 100)} className="photo-share" aria-label={t("file.sending")} />
          )}
          {piece.error && (
            <button type="button" className="photo-again" onClick={() => again(piece)}>
              <ReloadOutlined /> {t("file.again")}
            </button>
          )}
          <button type="button" className="photo-off" aria-label={t("file.remove", { name: piece.name })} onClick={() => remove(piece)}>
            <CloseOutlined />
          </button>
          {piece.error && <figcaption role="alert">{piece.error}</figcaption>}
        </figure>
      ))}
      {room > 0 && (
        <>
          <button type="button" className="photo-add" onClick={() => camera.current?.click()}>
            <CameraOutlined />
            {t("photo.take")}
          </button>
          <button type="button" className="photo-add" onClick={() => files.current?.click()}>
            <PictureOutlined />
            {t("photo.choose")}
          </button>
        </>
      )}
      <input
        ref={camera}
        className="unseen"
        type="file"
        accept="image/*"
        capture="environment"
        tabIndex={-1}
        aria-label={`${label} · ${t("photo.take")}`}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
      <input
        ref={files}
        id={inputId}
        className="unseen"
        type="file"
        accept="image/*"
        multiple
        tabIndex={-1}
        aria-label={`${label} · ${t("photo.choose")}`}
        data-testid={`photos-${slot}`}
        onChange={(event) => {
          take(event.target.files);
          event.target.value = "";
        }}
      />
    </div>
  );
}
