import { lazy, Suspense, useCallback } from "react";
import { useNavigate } from "react-router";

import type { Dimension } from "../../api/types";
import { useWords } from "../../words/words";
import type { Ink } from "./Drawn";
import { rowsOf } from "./view";

const Drawn = lazy(() => import("./Drawn"));
const HEIGHT = 300;

/** Areas by how much was found there, the darker the more of it overdue. The list of the same groups stands beside it. */
export function Areas({ areas }: { areas: Dimension }) {
  const { t } = useWords();
  const go = useNavigate();
  const known = areas.groups.filter((group) => group.key);
  const overdue = t("dashboard.overdue");
  const draw = useCallback(
    (ink: Ink) => ({
      tooltip: {
        renderMode: "richText",
        backgroundColor: ink.surface,
        borderColor: ink.line,
        textStyle: { color: ink.ink, fontFamily: ink.sans },
        formatter: (at: { data: { name: string; value: number; late: number } }) => `${at.data.name}: ${at.data.value} · ${overdue} ${at.data.late}`,
      },
      series: [
        {
          type: "treemap",
          roam: false,
          nodeClick: false,
          breadcrumb: { show: false },
          left: 0,
          right: 0,
          top: 0,
          bottom: 0,
          itemStyle: { borderColor: ink.surface, borderWidth: 2, gapWidth: 2 },
          label: { color: ink.ink, fontFamily: ink.sans, fontSize: 13, formatter: "{b}\n{c}" },
          data: known.map((group) => ({
            key: group.key,
            name: group.name,
            value: group.registered,
            late: group.overdue,
            itemStyle: { color: mixed(ink.soft, ink.late, (group.overdue / group.registered) * 0.62) },
          })),
        },
      ],
    }),
    [known, overdue],
  );
  const open = (key: string) => {
    const rows = known.find((group) => group.key === key)?.rows;
    if (rows) void go(rowsOf(rows));
  };
  return (
    <section className="card" aria-labelledby="areas">
      <h2 id="areas">{t("dashboard.areas")}</h2>
      {known.length === 0 ? (
        <p className="soft">{t("dashboard.nothing")}</p>
      ) : (
        <>
          <p className="soft small">{t("dashboard.areas_text")}</p>
          <Suspense fallback={<div style={{ height: HEIGHT }} />}>
            <Drawn label={known.map((group) => `${group.name} ${group.registered}`).join(", ")} height={HEIGHT} draw={draw} choose={open} />
          </Suspense>
        </>
      )}
    </section>
  );
}

/** One colour with so much of another in it. */
export function mixed(one: string, other: string, share: number): string {
  const parts = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const [first, second] = [parts(one), parts(other)];
  const hex = first.map((value, place) => Math.round(value + ((second[place] ?? value) - value) * share).toString(16).padStart(2, "0"));
  return `#${hex.join("")}`;
}
