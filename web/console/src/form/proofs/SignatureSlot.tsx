import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import SignaturePad, { type PointGroup } from "signature_pad";

import type { Drawing } from "../../api/types";
import { useWords } from "../../words/words";

/** A signature drawn by hand: strokes with their times, not a picture. */
export default function SignatureSlot({ label, change }: { label: string; change: (drawing: Drawing | null) => void }) {
  const { t } = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const changed = useRef(change);
  changed.current = change;
  const [drawn, setDrawn] = useState(false);

  useEffect(() => {
    const area = canvas.current;
    if (!area) return undefined;
    const ratio = Math.max(1, window.devicePixelRatio);
    const { width, height } = area.getBoundingClientRect();
    area.width = width * ratio;
    area.height = height * ratio;
    area.getContext("2d")?.scale(ratio, ratio);
    const made = new SignaturePad(area, { penColor: getComputedStyle(area).color, minWidth: 0.9, maxWidth: 2.6 });
    made.addEventListener("endStroke", () => {
      setDrawn(true);
      changed.current(drawingOf(made.toData(), width, height));
    });
    pad.current = made;
    return () => made.off();
  }, []);

  const clear = () => {
    pad.current?.clear();
    setDrawn(false);
    change(null);
  };
  return (
    <div className="signature">
      <canvas ref={canvas} role="img" aria-label={label} data-testid="signature" />
      {!drawn && (
        <span className="signature-hint" aria-hidden>
          {t("signature.here")}
        </span>
      )}
      <div className="row">
        <span className="grow small soft">{t("signature.statement")}</span>
        <Button size="small" disabled={!drawn} onClick={clear}>
          {t("signature.clear")}
        </Button>
      </div>
    </div>
  );
}

/** Strokes in the canvas's own units, times in ms from the first touch. */
export function drawingOf(groups: PointGroup[], width: number, height: number): Drawing {
  const start = groups[0]?.points[0]?.time ?? 0;
  const within = (value: number, most: number) => Math.round(Math.min(most, Math.max(0, value)) * 10) / 10;
  return {
    width,
    height,
    strokes: groups.map((group) =>
      group.points.map(
        (point) => [within(point.x, width), within(point.y, height), Math.max(0, Math.round(point.time - start))] as [number, number, number],
      ),
    ),
  };
}
