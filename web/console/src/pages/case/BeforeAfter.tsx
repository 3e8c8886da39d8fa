import { useState } from "react";

import type { StoredFile } from "../../api/types";
import { useWords } from "../../words/words";

/** Two photos over each other with a line to slide between them. */
export function BeforeAfter({ before, after }: { before: StoredFile; after: StoredFile }) {
  const { t } = useWords();
  const [place, setPlace] = useState(50);
  return (
    <figure className="before-after">
      <img src={before.url} alt={t("evidence.before")} />
      <img src={after.url} alt={t("evidence.after")} className="after" style={{ clipPath: `inset(0 0 0 ${place}%)` }} />
      <span className="before-after-line" style={{ left: `${place}%` }} aria-hidden />
      <span className="before-after-word left" aria-hidden>
        {t("evidence.before")}
      </span>
      <span className="before-after-word right" aria-hidden>
        {t("evidence.after")}
      </span>
      <input
        type="range"
        min={0}
        max={100}
        value={place}
        aria-label={t("evidence.slide")}
        onChange={(event) => setPlace(Number(event.target.value))}
      />
    </figure>
  );
}
