import { CheckCircleFilled, CloseCircleFilled, QuestionCircleFilled } from "@ant-design/icons";

import type { Comparison } from "../../api/types";
import { useWords, type WordKey } from "../../words/words";

const SIGNS = { pass: <CheckCircleFilled />, fail: <CloseCircleFilled />, cannot_tell: <QuestionCircleFilled /> } as const;
type Known = keyof typeof SIGNS;
const known = (verdict: string): Known => (verdict in SIGNS ? (verdict as Known) : "cannot_tell");

/** Each remark once: it may hold for the photo before and for the one after alike. */
const distinct = (remarks: Comparison["remarks"]) => [...new Map(remarks.map((remark) => [`${remark.code} ${remark.verdict} ${remark.text}`, remark])).values()];

/** What comparing the photos' times and places says. */
export function Verdict({ comparison }: { comparison: Comparison }) {
  const { t } = useWords();
  const said = (verdict: string) => t(`verdict.${known(verdict)}` satisfies WordKey);
  return (
    <div className={`verdict verdict-${known(comparison.verdict)}`}>
      <p>
        {SIGNS[known(comparison.verdict)]} <b>{t("verdict.title", { verdict: said(comparison.verdict) })}</b>
        <span className="soft small">
          {" "}
          {t("verdict.time", { verdict: said(comparison.time_verdict) })}
          {comparison.place_verdict && ` · ${t("verdict.place", { verdict: said(comparison.place_verdict) })}`}
        </span>
      </p>
      <ul className="small">
        {distinct(comparison.remarks).map((remark) => (
          <li key={remark.text + remark.code}>
            {remark.verdict ? <span className={`verdict-dot verdict-${known(remark.verdict)}`} aria-label={said(remark.verdict)} role="img" /> : "· "}
            {remark.text || remark.code}
          </li>
        ))}
      </ul>
    </div>
  );
}
