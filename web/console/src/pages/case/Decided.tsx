import { Link } from "react-router";

import type { Kind, UsedTable, Values } from "../../api/types";
import { useWords } from "../../words/words";

/** Which row of which table decided what. */
export function Decided({ tables, kind }: { tables: UsedTable[]; kind: Kind }) {
  const { t } = useWords();
  if (tables.length === 0) return null;
  return (
    <section className="card">
      <h2 className="section-title">{t("decided.title")}</h2>
      <ul className="decided">
        {tables.map((used, place) => (
          <li key={place}>
            <span>
              <Link to={`/packs/${kind.key}?table=${encodeURIComponent(used.table)}&row=${used.row}`}>{used.table_name}</Link>{" "}
              <span className="soft">{t("decided.row", { row: used.row, version: used.version.slice(0, 12) })}</span>
              {used.purpose_name && <span className="soft"> · {used.purpose_name}</span>}
            </span>
            <span>{used.row_name ?? outputs(kind, used.outputs)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function outputs(kind: Kind, values: Values): string {
  const word = (value: unknown): string =>
    Array.isArray(value) ? value.map(word).join("、") : (kind.words[String(value)] ?? String(value));
  return Object.entries(values)
    .filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0))
    .map(([, value]) => word(value))
    .join(" · ");
}
