import { PaperClipOutlined } from "@ant-design/icons";
import { Button, Progress } from "antd";
import { useRef } from "react";

import { useWords } from "../../words/words";
import type { SlotProps } from "./PhotoSlot";
import { useSending } from "./sending";

/** Papers: scans and documents, each sent at once. */
export function FileSlot({ slot, label, max, pieces, change }: SlotProps) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const { add, again, remove } = useSending(slot, "scan", change);
  return (
    <div className="stack tight" role="group" aria-label={label} data-slot={slot}>
      {pieces.map((piece) => (
        <div key={piece.key} className="paper row">
          <PaperClipOutlined />
          <span className="grow clip">{piece.name}</span>
          {!piece.use && !piece.error && <Progress percent={Math.round(piece.share * 100)} size="small" style={{ width: 120 }} />}
          {piece.error && (
            <>
              <span role="alert" className="field-wrong">
                {piece.error}
              </span>
              <Button size="small" onClick={() => again(piece)}>
                {t("file.again")}
              </Button>
            </>
          )}
          <Button size="small" type="text" aria-label={t("file.remove", { name: piece.name })} onClick={() => remove(piece)}>
            ×
          </Button>
        </div>
      ))}
      {pieces.length < max && (
        <div>
          <Button icon={<PaperClipOutlined />} onClick={() => input.current?.click()}>
            {t("file.choose")}
          </Button>
        </div>
      )}
      <input
        ref={input}
        className="unseen"
        type="file"
        multiple
        tabIndex={-1}
        accept="image/*,application/pdf"
        aria-label={label}
        onChange={(event) => {
          add(Array.from(event.target.files ?? []).slice(0, max - pieces.length));
          event.target.value = "";
        }}
      />
    </div>
  );
}
