import { ArrowDownOutlined, ArrowUpOutlined } from "@ant-design/icons";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { Grid } from "antd";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";

import { useSession } from "../../api/session";
import type { CaseBrief } from "../../api/types";
import { Clock } from "../../parts/Clock";
import { Risk } from "../../parts/Risk";
import { day } from "../../time/format";
import { useWords, type WordKey } from "../../words/words";
import { nextSort } from "./view";

type Props = {
  items: CaseBrief[];
  faded: boolean;
  sort: string;
  setSort: (sort: string) => void;
  more: (() => void) | undefined;
  loading: boolean;
};

const COLUMNS: { word: WordKey; sort?: string }[] = [
  { word: "column.number", sort: "number" },
  { word: "column.title" },
  { word: "column.risk" },
  { word: "column.stage" },
  { word: "column.area" },
  { word: "column.owners" },
  { word: "column.opened", sort: "opened_at" },
  { word: "column.due", sort: "due_at" },
];
const AHEAD = 30;

/** Only the rows in view are drawn; the next page is fetched before its turn comes. */
export function Rows({ items, faded, sort, setSort, more, loading }: Props) {
  const { t } = useWords();
  const { md } = Grid.useBreakpoint();
  const desk = md !== false;
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), [desk]);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => (desk ? 54 : 132),
    overscan: 12,
    scrollMargin: top,
    getItemKey: (place) => items[place]?.id ?? place,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last > items.length - AHEAD) more();
  }, [more, last, items.length]);

  return (
    <div className={`rows ${faded ? "faded" : ""}`}>
      <div role="table" aria-label={t("register.title")} aria-rowcount={items.length + 1}>
        {desk && <Heads sort={sort} setSort={setSort} />}
        <div ref={list} role="rowgroup" style={{ position: "relative", height: rows.getTotalSize() }}>
          {shown.map((row) => {
            const one = items[row.index]!;
            return (
              <div
                key={one.id}
                ref={rows.measureElement}
                data-index={row.index}
                role="row"
                aria-rowindex={row.index + 2}
                className={desk ? "row-line" : "row-card"}
                style={{ transform: `translateY(${row.start - rows.options.scrollMargin}px)` }}
              >
                {desk ? <Cells one={one} /> : <CardCells one={one} />}
              </div>
            );
          })}
        </div>
      </div>
      <p className="soft rows-end" role="status">
        {loading ? t("loading") : more ? "" : t("register.end", { n: items.length })}
      </p>
    </div>
  );
}

function Heads({ sort, setSort }: { sort: string; setSort: (sort: string) => void }) {
  const { t } = useWords();
  return (
    <div role="rowgroup" className="rows-head">
      <div role="row" className="row-line" aria-rowindex={1}>
        {COLUMNS.map((column) => {
          const at = column.sort === undefined ? "none" : sort === column.sort ? "ascending" : sort === `-${column.sort}` ? "descending" : "none";
          return (
            <span key={column.word} role="columnheader" aria-sort={column.sort ? at : undefined}>
              {column.sort ? (
                <button type="button" className="bare" onClick={() => setSort(nextSort(column.sort ?? "", sort))}>
                  {t(column.word)} {at === "ascending" && <ArrowUpOutlined />}
                  {at === "descending" && <ArrowDownOutlined />}
                </button>
              ) : (
                t(column.word)
              )}
            </span>
          );
        })}
      </div>
    </div>
  );
}

function Cells({ one }: { one: CaseBrief }) {
  const { language } = useWords();
  const zone = useSession().tenant.time_zone;
  return (
    <>
      <span role="cell" className="num">
        <Link to={`/cases/${one.id}`} className="row-link">
          {one.number}
        </Link>
      </span>
      <span role="cell" className="clip row-title" title={one.title}>
        {one.title || one.kind_name}
      </span>
      <span role="cell">
        <Risk level={one.risk_level} kind={one.kind} />
      </span>
      <span role="cell" className="clip">
        <Stage one={one} />
      </span>
      <span role="cell" className="clip" title={one.equipment ? `${one.equipment.number} ${one.equipment.name}` : undefined}>
        {one.area?.name}
        {one.equipment && <span className="soft num"> {one.equipment.number}</span>}
      </span>
      <span role="cell" className="clip" title={one.owners.join("、")}>
        {one.owners.join("、")}
      </span>
      <span role="cell" className="num soft">
        {day(one.opened_at, language, zone)}
      </span>
      <span role="cell">
        <Due one={one} />
      </span>
    </>
  );
}

function CardCells({ one }: { one: CaseBrief }) {
  return (
    <div role="cell" className="row-card-inside">
      <span className={`task-edge edge-${one.risk_level ?? "none"}`} aria-hidden />
      <p className="row">
        <span className="num soft small grow clip">{one.number}</span>
        <Risk level={one.risk_level} kind={one.kind} />
      </p>
      <Link to={`/cases/${one.id}`} className="row-link row-card-title">
        {one.title || one.kind_name}
      </Link>
      <p className="small soft clip">
        <Stage one={one} />
        {[one.area?.name, one.equipment?.number, ...one.owners].filter(Boolean).map((part) => ` · ${part ?? ""}`)}
      </p>
      <p>
        <Due one={one} />
      </p>
    </div>
  );
}

function Stage({ one }: { one: CaseBrief }) {
  const { t } = useWords();
  if (one.status !== "open") return <span className="soft">{one.outcome_name ?? t("case.closed")}</span>;
  return <>{one.stage_name}</>;
}

function Due({ one }: { one: CaseBrief }) {
  const { t } = useWords();
  if (one.status !== "open") {
    return (
      <span className="soft small num">
        {one.imported ? t("case.imported") : one.cycle_working_days !== null && one.cycle_working_days !== undefined ? t("register.cycle", { n: one.cycle_working_days }) : ""}
      </span>
    );
  }
  return one.due_at ? <Clock dueAt={one.due_at} /> : null;
}
