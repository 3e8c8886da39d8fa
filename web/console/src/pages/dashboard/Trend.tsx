import { lazy, Suspense, useCallback } from "react";

import type { Population } from "../../api/types";
import { useWords } from "../../words/words";
import type { Ink } from "./Drawn";

const Drawn = lazy(() => import("./Drawn"));
const HEIGHT = 260;

/** What came and what went, week by week or month by month. */
export function Trend({ live, step }: { live: Population; step: string }) {
  const { t } = useWords();
  const came = t("dashboard.came");
  const went = t("dashboard.went");
  const trend = live.trend;
  const draw = useCallback(
    (ink: Ink) => {
      const text = { color: ink.ink3, fontFamily: ink.sans };
      return {
        textStyle: { fontFamily: ink.sans },
        grid: { left: 8, right: 8, top: 34, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
        legend: { top: 0, right: 0, itemWidth: 14, itemHeight: 10, textStyle: text },
        tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: ink.surface, borderColor: ink.line, textStyle: { color: ink.ink, fontFamily: ink.sans } },
        xAxis: {
          type: "category",
          data: trend.map((one) => (step === "month" ? one.begins_on.slice(0, 7) : one.begins_on.slice(5))),
          axisLine: { lineStyle: { color: ink.line } },
          axisTick: { show: false },
          axisLabel: text,
        },
        yAxis: { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: ink.line } } },
        series: [
          { name: came, type: "bar", barMaxWidth: 26, data: trend.map((one) => one.registered), itemStyle: { color: ink.ink3, opacity: 0.45, borderRadius: [4, 4, 0, 0] } },
          { name: went, type: "line", symbolSize: 7, data: trend.map((one) => one.closed), lineStyle: { color: ink.accent, width: 2.5 }, itemStyle: { color: ink.accent } },
        ],
      };
    },
    [trend, step, came, went],
  );
  const said = trend.map((one) => `${one.begins_on}: ${came} ${one.registered}, ${went} ${one.closed}`).join("; ");
  return (
    <section className="card" aria-labelledby="trend">
      <h2 id="trend">{t(step === "month" ? "dashboard.trend_month" : "dashboard.trend_week")}</h2>
      {trend.length === 0 ? (
        <p className="soft">{t("dashboard.nothing")}</p>
      ) : (
        <Suspense fallback={<div style={{ height: HEIGHT }} />}>
          <Drawn label={said} height={HEIGHT} draw={draw} />
        </Suspense>
      )}
    </section>
  );
}
