import { Link } from "react-router";

import type { CaseBrief } from "../../api/types";
import { Clock } from "../../parts/Clock";
import { useWords } from "../../words/words";

/** Actions of meetings as their cases stand: who, by when, and whether it is done. */
export function Actions({ title, none, actions }: { title: string; none: string; actions: CaseBrief[] }) {
  const { t } = useWords();
  return (
    <section className="card">
      <h2 className="section-title">{title}</h2>
      {actions.length === 0 && <p className="soft">{none}</p>}
      <ul className="meeting-actions">
        {actions.map((action) => (
          <li key={action.id}>
            <span className="grow">
              <Link to={`/cases/${action.id}`}>{action.title}</Link>
              <br />
              <span className="small soft num">
                {action.number}
                {action.owners.length > 0 && ` · ${action.owners.join(", ")}`}
              </span>
            </span>
            <span className={`tag ${action.overdue_at ? "late" : action.status === "open" ? "accent" : ""}`}>{action.outcome_name ?? action.stage_name}</span>
            {action.status === "open" && action.due_at && <Clock dueAt={action.due_at} />}
            {action.overdue_at && <span className="small late">{t("case.was_overdue")}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
