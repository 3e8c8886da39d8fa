import { Link } from "react-router";

import { useTaskCounts } from "../../api/queries";
import { useWords } from "../../words/words";

/** What one owes oneself, and one's team. */
export function Mine() {
  const { t } = useWords();
  const { data } = useTaskCounts();
  if (!data) return null;
  return (
    <ul className="figure-cards mine">
      <li className="card figure">
        <p className="figure-name">{t("dashboard.my_tasks")}</p>
        <p className="figure-value num">
          <Link to="/tasks">{data.mine}</Link>
        </p>
        <p className={`figure-parts small ${data.overdue ? "late" : "soft"}`}>{t("dashboard.my_overdue", { n: data.overdue })}</p>
      </li>
      <li className="card figure">
        <p className="figure-name">{t("dashboard.team_tasks")}</p>
        <p className="figure-value num">
          <Link to="/tasks?scope=team">{data.team}</Link>
        </p>
      </li>
    </ul>
  );
}
