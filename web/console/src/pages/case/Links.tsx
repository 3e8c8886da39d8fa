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
        {links.map(({ relation, relation_name: name, id, case: other }) => (
          <li key={relation + id} className="row wrap">
            <span className="tag">{name || relation}</span>
            {other === null ? (
              <span className="soft">{t("links.hidden")}</span>
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
