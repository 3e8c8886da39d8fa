import type { ImportCounts } from "../../api/types";
import { useWords } from "../../words/words";

/** How many rows became what. */
export function Counts({ counts }: { counts: ImportCounts }) {
  const { t } = useWords();
  const figures = [
    { n: counts.rows, word: t("imports.n_rows") },
    { n: counts.accepted, word: t("imports.n_accepted") },
    { n: counts.rejected, word: t("imports.n_rejected"), late: counts.rejected > 0 },
    { n: counts.duplicates, word: t("imports.n_duplicates") },
    { n: counts.skipped, word: t("imports.n_skipped") },
  ];
  return (
    <ul className="figures">
      {figures.map(({ n, word, late }) => (
        <li key={word} className={late ? "late-text" : undefined}>
          <b className="num">{n}</b>
          <span className="soft">{word}</span>
        </li>
      ))}
    </ul>
  );
}
