import { useState } from "react";

import type { StoredFile } from "../../api/types";
import { useWords } from "../../words/words";

type Props = { before: StoredFile; after: StoredFile; share?: number };

/** Two photos over each other with a line to slide between them: by finger, mouse, or arrow keys. */
export function BeforeAfter({ before, after, share = 50 }: Props) {
  const { t } = useWords();
  const [place, setPlace] = useState(share);
  return (
    <figure className="before-after">
      <img src={before.url} alt={t("evidence.before")} draggable={false} />
      <img src={after.url} alt={t("evidence.after")} className="after" style={{ clipPath: `inset(0 0 0 ${place}%)` }} draggable={false} />
      <span className="before-after-line" style={{ left: `${place}%` }} aria-hidden />
      {place > 12 && (
        <span className="before-after-word left" aria-hidden>
          {t("evidence.before")}
        </span>
      )}
      {place < 88 && (
        <span className="before-after-word right" aria-hidden>
          {t("evidence.after")}
        </span>
      )}
      <input
        type="range"
        min={0}
        max={100}
        step={2}
        value={place}
        aria-label={t("evidence.slide")}
        aria-valuetext={t("evidence.slid", { share: String(100 - place) })}
        onChange={(event) => setPlace(Number(event.target.value))}
      />
    </figure>
  );
}
