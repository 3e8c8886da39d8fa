import { InfoCircleOutlined } from "@ant-design/icons";
import { Popover } from "antd";
import { Link } from "react-router";

import type { Figure, Population } from "../../api/types";
import { useWords } from "../../words/words";
import { rowsOf, shown } from "./view";

/** What stands on the cards, in this order: the figure, and what it is made of. */
const CARDS: [string, string[]][] = [
  ["closure_rate", ["closed", "registered"]],
  ["open", ["open_overdue"]],
  ["overdue_rate", ["overdue", "registered"]],
  ["cycle_working_days_mean", ["cycle_working_days_median", "closed_in_period"]],
  ["recurrence_rate", ["recurring"]],
  ["deferral_rate", ["deferred"]],
  ["hand_overs_per_case", ["hand_overs"]],
  ["completeness", ["steps"]],
];
const LATE = ["open_overdue", "overdue"];

/** The figures, each with its formula and the way to its rows; the old register's beside them. */
export function Cards({ live, imported }: { live: Population; imported: Population | null }) {
  const { t, language } = useWords();
  const of = (population: Population | null, key: string) => population?.figures.find((one) => one.key === key);
  return (
    <ul className="figure-cards">
      {CARDS.map(([key, parts]) => {
        const figure = of(live, key);
        const before = of(imported, key);
        return (
          figure && (
            <li key={key} className="card figure" data-figure={key}>
              <p className="figure-name">
                {figure.name} <Formula figure={figure} />
              </p>
              <p className="figure-value num">
                <Opening figure={figure} />
              </p>
              <p className="figure-parts small">
                {parts.map((part) => {
                  const found = of(live, part);
                  return (
                    found && (
                      <span key={part} className={LATE.includes(part) && found.value ? "late" : "soft"}>
                        {found.name} <Opening figure={found} />
                      </span>
                    )
                  );
                })}
              </p>
              {before && (
                <p className="figure-before small">
                  {t("dashboard.register")} <b className="num">{shown(before.value, before.unit, language)}</b>
                </p>
              )}
            </li>
          )
        );
      })}
    </ul>
  );
}

/** A figure that leads to its rows, where the register can find them. */
export function Opening({ figure }: { figure: Figure }) {
  const { t, language } = useWords();
  const text = shown(figure.value, figure.unit, language);
  if (!figure.rows || !figure.value) return <span className="num">{text}</span>;
  return (
    <Link className="num" to={rowsOf(figure.rows)} aria-label={t("dashboard.open_rows", { name: figure.name, value: text })}>
      {text}
    </Link>
  );
}

/** How it is computed, on a tap. */
export function Formula({ figure }: { figure: { name: string; formula: string } }) {
  const { t } = useWords();
  return (
    <Popover content={<p className="formula">{figure.formula}</p>} title={figure.name} trigger="click">
      <button type="button" className="bare formula-button" aria-label={t("dashboard.formula", { name: figure.name })}>
        <InfoCircleOutlined />
      </button>
    </Popover>
  );
}
