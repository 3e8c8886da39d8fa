import { Link } from "react-router";

import type { Population } from "../../api/types";
import { useWords } from "../../words/words";
import { Formula } from "./Cards";
import { rowsOf, shown } from "./view";

/** In the order in which a case goes through them. */
const ORDER = ["receipt", "work", "approval", "verification", "deferral"];

/** Where it waits: the life of a closed case as one bar, and what open cases wait for now. */
export function Waits({ live }: { live: Population }) {
  const { t, language } = useWords();
  const waits = ORDER.map((key) => live.waits.find((one) => one.key === key)).filter((one) => one !== undefined);
  const total = waits.reduce((sum, wait) => sum + (wait.hours ?? 0), 0);
  const hours = (value: number | null) => (value === null ? "—" : t("dashboard.hours", { n: shown(value, "hours", language) }));
  return (
    <section className="card" aria-labelledby="waits">
      <h2 id="waits">
        {t("dashboard.waits")} <Formula figure={{ name: t("dashboard.waits"), formula: live.waits_formula }} />
      </h2>
      <p className="soft small">{total > 0 ? t("dashboard.waits_text", { n: shown(total, "hours", language) }) : t("dashboard.waits_none")}</p>
      {total > 0 && (
        <div className="waits-bar" aria-hidden>
          {waits.map((wait) => (wait.hours ? <i key={wait.key} className={`wait-${wait.key}`} style={{ flexGrow: wait.hours }} /> : null))}
        </div>
      )}
      <ul className="waits-list">
        {waits.map((wait) => (
          <li key={wait.key}>
            <i className={`wait-mark wait-${wait.key}`} aria-hidden />
            <b>{wait.name}</b>
            <span className="num">{hours(wait.hours)}</span>
            {wait.cases > 0 ? (
              <Link to={rowsOf(wait.rows)} className="small">
                {t("dashboard.waiting_now", { n: wait.cases })}
              </Link>
            ) : (
              <span className="soft small">{t("dashboard.nothing_waits")}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
