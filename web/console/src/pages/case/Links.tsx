import { Link } from "react-router";

import type { CaseLink } from "../../api/types";
import { useWords } from "../../words/words";

/** Cases that this one is tied to. */
export function Links({ links }: { links: CaseLink[] }) {
  const { t } = useWords();
  if (links.length === 0) return null;
  return (
    <section className="card">
      <h2 className="section-title">{t("links.title")}</h2>
      <ul className="decided">
        {links.map(({ relation, relation_name: name, case: other }, place) => (
          <li key={place} className="row wrap">
            <span className="tag">{name || relation}</span>
            {typeof other === "string" ? (
              <Link to={`/cases/${other}`}>{t("links.open")}</Link>
            ) : (
              <Link to={`/cases/${other.id}`} className="grow">
                <span className="num">{other.number}</span> {other.title}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
