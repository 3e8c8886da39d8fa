import type { Duty } from "../../api/types";
import { useWords } from "../../words/words";

/** A signature as it was drawn, what it is bound to, and what it is worth. */
export function SignatureView({ signature }: { signature: NonNullable<Duty["signature"]> }) {
  const { t } = useWords();
  const { drawing } = signature;
  return (
    <figure className="signature-view">
      <svg viewBox={`0 0 ${drawing.width} ${drawing.height}`} role="img" aria-label={t("signature.drawn")}>
        {drawing.strokes.map((stroke, place) => (
          <polyline key={place} points={stroke.map(([x, y]) => `${x},${y}`).join(" ")} fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
        ))}
      </svg>
      <figcaption className="small soft">
        {signature.statement}
        <br />
        <span className="num">{t("signature.hash", { hash: signature.signed_hash.slice(0, 16) })}</span>
        <br />
        {signature.legal_note}
      </figcaption>
    </figure>
  );
}
