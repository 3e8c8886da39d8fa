import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Link, useParams, useSearchParams } from "react-router";

import { ask } from "../../api/client";
import { useKinds, useTables } from "../../api/queries";
import type { DecisionTable, Kind } from "../../api/types";
import { Bones, Empty, Failure, PageHead } from "../../parts/states";
import { useWords } from "../../words/words";
import "./packs.css";

/** How a kind of work runs: its stages as a diagram, who does what by when, and its decision tables in words. */
export default function KindPage() {
  const { t } = useWords();
  const { kind: key = "" } = useParams();
  const { data, isPending, error, refetch } = useKinds();
  const kind = data?.items.find((one) => one.key === key);
  if (isPending) return <div className="page"><Bones heights={[44, 300, 200]} /></div>;
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (!kind) return <Empty title={t("missing.title")}>{t("missing.text")}</Empty>;
  return (
    <div className="page wide">
      <p className="small">
        <Link to="/packs">← {t("packs.title")}</Link>
      </p>
      <PageHead title={kind.name}>{kind.description}</PageHead>
      <div className="stack">
        <Diagram kind={kind} />
        <Stages kind={kind} />
        <Tables kind={kind} />
      </div>
    </div>
  );
}

function Diagram({ kind }: { kind: Kind }) {
  const { t, language } = useWords();
  const { data } = useQuery({
    queryKey: ["kinds", kind.key, "diagram", language],
    queryFn: ({ signal }) => ask<string>("GET", `/kinds/${kind.key}/diagram.svg`, { signal }),
    staleTime: 5 * 60_000,
  });
  const url = useMemo(() => (data ? URL.createObjectURL(new Blob([data], { type: "image/svg+xml" })) : null), [data]);
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);
  if (!url) return null;
  return (
    <section className="card diagram">
      <h2 className="section-title">{t("packs.diagram")}</h2>
      <div className="diagram-scroll" tabIndex={0} role="region" aria-label={t("packs.diagram")}>
        <img src={url} alt={t("packs.diagram_of", { kind: kind.name })} />
      </div>
    </section>
  );
}

function Stages({ kind }: { kind: Kind }) {
  const { t } = useWords();
  return (
    <section className="card">
      <h2 className="section-title">{t("packs.stages")}</h2>
      <ul className="stages">
        {kind.stages.map((stage) => (
          <li key={stage.key}>
            <h3>{stage.name}</h3>
            <ul>
              {stage.duties.map((duty) => (
                <li key={duty.key} className="row wrap">
                  <span>{duty.name}</span>
                  {duty.within_text && <span className="tag num wraps">{duty.within_text}</span>}
                  {duty.blind && <span className="tag solid">{t("blind.tag")}</span>}
                  {duty.prove?.map((slot) => (
                    <span key={slot} className="tag">
                      {kind.words[`field.${slot}`] ?? slot}
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tables({ kind }: { kind: Kind }) {
  const { t } = useWords();
  const { data, isPending, error, refetch } = useTables(kind.key);
  if (isPending) return <Bones heights={[220, 220]} />;
  if (error) return <Failure error={error} again={() => void refetch()} />;
  return (
    <>
      {data.items.map((table) => (
        <TableCard key={table.key} table={table} />
      ))}
      {data.items.length === 0 && <p className="soft">{t("packs.no_tables")}</p>}
    </>
  );
}

/** A decision table read from the top: the first row that fits decides. */
function TableCard({ table }: { table: DecisionTable }) {
  const { t } = useWords();
  const [search] = useSearchParams();
  const wanted = search.get("table") === table.key ? Number(search.get("row")) : null;
  useEffect(() => {
    if (wanted !== null) document.getElementById(`table-${table.key}`)?.scrollIntoView({ block: "start" });
  }, [wanted, table.key]);
  return (
    <section className="card" id={`table-${table.key}`} style={{ scrollMarginTop: 80 }}>
      <h2 className="section-title">
        {table.name} <span className="count small">{table.version.slice(0, 12)}</span>
      </h2>
      <p className="soft small">{t("packs.table_text")}</p>
      <div className="rules" tabIndex={0} role="region" aria-label={table.name}>
        <table>
          <thead>
            <tr>
              <th>{t("packs.rule")}</th>
              {table.columns.map((column) => (
                <th key={column.key} className={`rules-${column.io}`}>
                  {column.name}
                </th>
              ))}
              <th>{t("packs.source")}</th>
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row) => (
              <tr key={row.row} className={row.row === wanted ? "wanted" : row.is_default ? "default" : ""} aria-current={row.row === wanted || undefined}>
                <td>
                  <span className="num soft">{row.row}</span> {row.name}
                </td>
                {row.cells.map((cell, place) => (
                  <td key={place} className={`rules-${table.columns[place]?.io ?? "in"}`}>
                    {cell || <span className="soft">{row.is_default && place === 0 ? t("packs.otherwise") : t("packs.any")}</span>}
                  </td>
                ))}
                <td className="small soft">{row.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
