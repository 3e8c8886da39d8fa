import { Segmented, Select } from "antd";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { Link, useNavigate } from "react-router";

import type { FloorFigures, PlanArea, Ref } from "../../api/types";
import { useWords } from "../../words/words";
import { mixed } from "./Areas";
import type { Ink } from "./Drawn";
import { rowsOf } from "./view";

const Drawn = lazy(() => import("./Drawn"));
/** Below this the names of areas would cover each other: the numbers stand alone, the names in the table. */
const NAMED_PX = 620;
const LATE = "open_overdue";

type Props = { plans: FloorFigures[]; figures: Ref[] };

/** The plant's floor, each area the darker the more was found there. The table beside it says the same in words. */
export function FloorHeat({ plans, figures }: Props) {
  const { t } = useWords();
  const go = useNavigate();
  const [chosen, choose] = useState(plans[0]?.id);
  const [key, pick] = useState(figures[0]?.id ?? "");
  const plan = plans.find((one) => one.id === chosen) ?? plans[0];
  const figure = figures.find((one) => one.id === key);
  const draw = useCallback((ink: Ink) => (plan ? drawn(plan, key, figure?.name ?? "", ink) : {}), [plan, key, figure]);
  const map = useMemo(() => (plan ? { name: `floor-${plan.id}`, svg: mapOf(plan) } : undefined), [plan]);
  if (!plan) return null;
  const open = (area: string) => {
    const rows = plan.areas.find((one) => one.area.id === area)?.figures.find((one) => one.key === key)?.rows;
    if (rows) void go(rowsOf(rows));
  };
  const most = Math.max(0, ...plan.areas.map((area) => valueOf(area, key)));
  return (
    <section className="card floor" aria-labelledby="floor">
      <div className="floor-head">
        <h2 id="floor">{t("dashboard.floor")}</h2>
        {plans.length > 1 && <Select aria-label={t("plant.floor_plan")} value={plan.id} onChange={choose} options={plans.map((one) => ({ value: one.id, label: one.name }))} />}
        <div className="groups-choice">
          <Segmented aria-label={t("dashboard.floor_figure")} size="small" value={key} onChange={pick} options={figures.map((one) => ({ value: one.id, label: one.name }))} />
        </div>
      </div>
      <p className="soft small">{t("dashboard.floor_text")}</p>
      <div className="floor-both">
        <div>
          <Suspense fallback={<div style={{ aspectRatio: plan.width / plan.height }} />}>
            <Drawn
              label={`${plan.name} · ${figure?.name ?? ""}: ${plan.areas.map((area) => `${area.area.name} ${valueOf(area, key)}`).join(", ")}`}
              ratio={plan.width / plan.height}
              map={map}
              draw={draw}
              choose={open}
            />
          </Suspense>
          <p className="floor-scale small soft num" aria-hidden>
            0 <i className={key === LATE ? "late-scale" : undefined} /> {most}
          </p>
        </div>
        <div className="floor-table" tabIndex={0} role="region" aria-label={t("dashboard.floor_table")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("plant.area")}</th>
                {figures.map((one) => (
                  <th key={one.id} scope="col" aria-current={one.id === key || undefined}>
                    {one.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {plan.areas.map((area) => (
                <tr key={area.area.id}>
                  <th scope="row">{area.area.name}</th>
                  {area.figures.map((one) => (
                    <td key={one.key} className="num">
                      {one.value === 0 ? <span className="soft">0</span> : <Link to={rowsOf(one.rows)}>{one.value}</Link>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

const valueOf = (area: PlanArea, key: string): number => area.figures.find((one) => one.key === key)?.value ?? 0;

/** The plan as a map of ECharts: its picture, and over it the outlines, each coloured by its area's figure. */
function drawn(plan: FloorFigures, key: string, figure: string, ink: Ink) {
  const most = Math.max(1, ...plan.areas.map((area) => valueOf(area, key)));
  const full = key === LATE ? ink.late : ink.accent;
  const named = window.innerWidth >= NAMED_PX;
  return {
    tooltip: {
      renderMode: "richText",
      backgroundColor: ink.surface,
      borderColor: ink.line,
      textStyle: { color: ink.ink, fontFamily: ink.sans },
      formatter: (at: { data?: { title: string; value: number } }) => (at.data ? `${at.data.title}: ${figure} ${at.data.value}` : ""),
    },
    series: [
      {
        type: "map",
        map: `floor-${plan.id}`,
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        selectedMode: false,
        itemStyle: { borderColor: ink.ink3, borderWidth: 1 },
        label: {
          show: true,
          color: "#16211d",
          fontFamily: ink.sans,
          fontSize: 12.5,
          fontWeight: 600,
          backgroundColor: "rgba(255,255,255,0.86)",
          borderRadius: 4,
          padding: [2, 5],
          formatter: (at: { data?: { title: string; value: number } }) => (at.data?.value ? (named ? `${at.data.title} ${at.data.value}` : String(at.data.value)) : ""),
        },
        emphasis: { label: { color: "#16211d" }, itemStyle: { areaColor: `${full}d9`, borderColor: full, borderWidth: 2 } },
        data: plan.areas.map((area) => {
          const share = valueOf(area, key) / most;
          return {
            name: area.area.id,
            key: area.area.id,
            title: area.area.name,
            value: valueOf(area, key),
            itemStyle: { areaColor: share === 0 ? `${ink.soft}59` : `${mixed(ink.soft, full, 0.16 + 0.84 * share)}b8` },
          };
        }),
      },
    ],
  };
}

function mapOf(plan: FloorFigures): string {
  const svg = document.implementation.createDocument("http://www.w3.org/2000/svg", "svg");
  const root = svg.documentElement;
  const add = (tag: string, said: Record<string, string | number>) => {
    const element = svg.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(said)) element.setAttribute(name, String(value));
    root.appendChild(element);
  };
  root.setAttribute("viewBox", `0 0 ${plan.width} ${plan.height}`);
  add("rect", { width: plan.width, height: plan.height, fill: "#f4f6f3" });
  if (plan.picture_url) add("image", { href: plan.picture_url, width: plan.width, height: plan.height });
  for (const area of plan.areas)
    for (const outline of area.outlines) add("polygon", { name: area.area.id, points: outline.map((corner) => corner.join(",")).join(" ") });
  return new XMLSerializer().serializeToString(svg);
}
