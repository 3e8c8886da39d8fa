import { Link } from "react-router";

import { useEarlier } from "../../api/queries";
import type { Case, CaseBrief } from "../../api/types";
import { Moment } from "../../parts/Clock";
import { useWords } from "../../words/words";

/** What this case looks back on: a week's days, what is still open, and what was found at them. */
export function LooksBack({ about }: { about: Case }) {
  const { t } = useWords();
  const { data } = useEarlier(about.looks_back ? about.id : "");
  if (!about.looks_back || !data) return null;
  const open = data.cases.filter((one) => one.status === "open").length;
  const late = data.cases.filter((one) => one.overdue_at !== null).length;
  return (
    <section className="card">
      <h2 className="section-title">{t("earlier.title")}</h2>
      <p className="soft">{data.cases.length === 0 ? t("earlier.none") : t("earlier.sum", { n: data.cases.length, open, late, found: data.found.length })}</p>
      <Rows of={data.cases} />
      {data.found.length > 0 && <h3 className="small soft">{t("earlier.found")}</h3>}
      <Rows of={data.found} />
    </section>
  );
}

function Rows({ of }: { of: CaseBrief[] }) {
  return (
    <ul className="decided">
      {of.map((one) => (
        <EarlierRow key={one.id} one={one} />
      ))}
    </ul>
  );
}

function EarlierRow({ one }: { one: CaseBrief }) {
  const { t } = useWords();
  return (
    <li className="row wrap">
      <Link to={`/cases/${one.id}`} className="grow">
        <span className="num">{one.number}</span> {one.title || one.kind_name}
      </Link>
      <span className="small soft">
        <Moment at={one.opened_at} />
      </span>
      {one.overdue_at && <span className="tag late">{t("case.was_overdue")}</span>}
      <span className="tag">{one.status === "open" ? one.stage_name : one.outcome_name}</span>
    </li>
  );
}
