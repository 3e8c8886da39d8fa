import { Segmented } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import type { Dimension } from "../../api/types";
import { useWords } from "../../words/words";
import { rowsOf, shown } from "./view";

const SHOWN = 10;

/** Registered cases told apart by one thing at a time: how many, and how many of those closed and overdue. */
export function Groups({ by, title }: { by: Dimension[]; title: string }) {
  const { t, language } = useWords();
  const [chosen, choose] = useState("category");
  const dimension = by.find((one) => one.key === chosen) ?? by[0];
  const most = Math.max(1, ...(dimension?.groups.map((group) => group.registered) ?? []));
  return (
    <section className="card" aria-labelledby={`groups-${title}`}>
      <h2 id={`groups-${title}`}>{title}</h2>
      <div className="groups-choice">
        <Segmented aria-label={title} size="small" value={dimension?.key ?? ""} onChange={choose} options={by.map((one) => ({ value: one.key, label: one.name }))} />
      </div>
      {!dimension || dimension.groups.length === 0 ? (
        <p className="soft">{t("dashboard.nothing")}</p>
      ) : (
        <ul className="groups">
          {dimension.groups.slice(0, SHOWN).map((group) => (
            <li key={group.key}>
              <span className="clip">{group.rows ? <Link to={rowsOf(group.rows)}>{group.name}</Link> : group.name}</span>
              <span className="num">{group.registered}</span>
              <span className="groups-bar" aria-hidden>
                <i style={{ width: `${(group.registered / most) * 100}%` }}>
                  <i style={{ width: `${(group.closed / group.registered) * 100}%` }} />
                </i>
              </span>
              <span className="soft small">
                {t("dashboard.of_these", { closed: group.closed, overdue: group.overdue })}
                {group.completeness != null ? ` · ${t("dashboard.complete", { share: shown(group.completeness, "share", language) })}` : ""}
                {group.recurring ? ` · ${t("dashboard.recurring", { n: group.recurring })}` : ""}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
