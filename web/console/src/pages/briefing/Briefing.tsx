import { ExpandOutlined, PrinterOutlined } from "@ant-design/icons";
import { Button, Select } from "antd";
import { useState, type ReactNode } from "react";
import { Link, useSearchParams } from "react-router";

import { useBriefing, useChoices } from "../../api/queries";
import { useSession } from "../../api/session";
import type { Briefing as Found, BriefTask, CaseBrief } from "../../api/types";
import { Clock } from "../../parts/Clock";
import { Risk } from "../../parts/Risk";
import { Bones, Empty, Failure } from "../../parts/states";
import { dateTime, day, time } from "../../time/format";
import { useWords } from "../../words/words";
import { rowsOf } from "../dashboard/view";
import "./briefing.css";

/** A briefing takes ten minutes: so many cases stand open in a heap. */
const SHOWN = 8;
const URGENCIES = ["overdue", "this_shift", "later"] as const;

/** What a team begins its shift with: on a desk, on the wall, on one sheet of paper. */
export default function Briefing() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const choices = useChoices().data;
  const { account } = useSession();
  const own = choices?.people.find((one) => one.id === account.person?.id)?.team ?? undefined;
  const team = search.get("team") ?? own ?? choices?.teams[0]?.id;
  const wall = search.has("wall");
  const { data, error, isPending, refetch } = useBriefing(team);
  const set = (part: Record<string, string | undefined>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(part)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace: true });
  };
  return (
    <div className={wall ? "page wide briefing wall" : "page wide briefing"}>
      <header className="page-head briefing-head">
        <div className="grow">
          <h1>{t("briefing.title", { team: data?.team.name ?? "" })}</h1>
          {data && <Watch found={data} />}
        </div>
        <div className="row wrap no-print">
          <Select
            aria-label={t("briefing.team")}
            showSearch={{ optionFilterProp: "label" }}
            style={{ minWidth: 150 }}
            value={team}
            options={choices?.teams.map((one) => ({ value: one.id, label: one.name }))}
            onChange={(next: string) => set({ team: next })}
          />
          <Button icon={<ExpandOutlined />} onClick={() => set({ wall: wall ? undefined : "1" })} aria-pressed={wall}>
            {wall ? t("briefing.desk") : t("briefing.wall")}
          </Button>
          <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
            {t("plant.print")}
          </Button>
        </div>
      </header>
      {error ? (
        <Failure error={error} again={() => void refetch()} />
      ) : isPending ? (
        choices && !team ? (
          <Empty title={t("briefing.no_team")}>{t("briefing.no_team_text")}</Empty>
        ) : (
          <Bones heights={[90, 240, 240]} />
        )
      ) : (
        <Shown found={data} />
      )}
    </div>
  );
}

function Watch({ found: { watch, crew, as_of } }: { found: Found }) {
  const { t, language } = useWords();
  const zone = useSession().tenant.time_zone;
  const names = (people: { name: string }[]) => people.map((one) => one.name).join(language === "zh" ? "、" : ", ");
  return (
    <>
      <p>
        {day(as_of, language, zone)} · {watch.name ? `${watch.name} ${time(watch.begins_at, zone)}–${time(watch.ends_at, zone)}` : t("briefing.by_day")} ·{" "}
        {t("briefing.as_of", { at: time(as_of, zone) })}
      </p>
      <p className="briefing-crew">
        {crew.leader && (
          <span>
            {t("briefing.leader")} <b>{crew.leader.name}</b>
          </span>
        )}
        <span>
          {t("briefing.working", { n: crew.working.length })} <b>{names(crew.working) || t("briefing.nobody")}</b>
        </span>
        {crew.away.length > 0 && (
          <span>
            {t("briefing.away")} <b>{names(crew.away)}</b>
          </span>
        )}
      </p>
    </>
  );
}

function Shown({ found }: { found: Found }) {
  const { t, language } = useWords();
  const zone = useSession().tenant.time_zone;
  const of = (urgency: string) => found.tasks.filter((task) => task.urgency === urgency);
  const since = dateTime(found.watch.since_at, language, zone);
  const tiles = [
    { word: t("briefing.overdue"), n: of("overdue").length, late: true },
    { word: found.watch.name ? t("briefing.this_shift") : t("briefing.today"), n: of("this_shift").length },
    { word: t("briefing.later"), n: of("later").length },
    { word: t("briefing.arrived"), n: found.arrived.length },
    { word: t("briefing.closed"), n: found.closed.length },
    { word: t("narrowed.deferral"), n: found.deferred.length },
  ];
  return (
    <>
      <ul className="briefing-tiles">
        {tiles.map((tile) => (
          <li key={tile.word} className={tile.late && tile.n > 0 ? "late" : undefined}>
            <b className="num">{tile.n}</b>
            {tile.word}
          </li>
        ))}
      </ul>
      <div className="briefing-two">
        <section aria-labelledby="owed">
          <h2 id="owed">{t("briefing.owed")}</h2>
          {found.tasks.length === 0 && <p className="soft">{t("briefing.nothing_owed")}</p>}
          {URGENCIES.map((urgency) => (
            <Heap key={urgency} title={urgency === "this_shift" && !found.watch.name ? t("briefing.today") : t(`briefing.${urgency}`)} urgency={urgency} tasks={of(urgency)} />
          ))}
          {found.more_tasks && (
            <p className="soft small">
              <Link to="/tasks?scope=team">{t("briefing.more")}</Link>
            </p>
          )}
        </section>
        <div className="stack">
          <Part title={t("briefing.risks")} empty={t("briefing.no_risks")} count={found.risks.length}>
            {found.risks.map((one) => (
              <CaseLine key={one.id} one={one}>
                {[placeOf(one), one.stage_name].filter(Boolean).join(" · ")}
              </CaseLine>
            ))}
          </Part>
          <Part title={t("briefing.deferred")} empty={t("briefing.no_deferred")} count={found.deferred.length}>
            {found.deferred.map(({ case: one, said }) => (
              <CaseLine key={one.id} one={one}>
                {said.map((line) => (
                  <span key={line.label} className="briefing-said">
                    {line.label}
                    {language === "zh" ? "：" : ": "}
                    <b>{line.text}</b>
                  </span>
                ))}
              </CaseLine>
            ))}
          </Part>
          <Part title={t("briefing.arrived_since", { at: since })} empty={t("briefing.none_arrived")} count={found.arrived.length}>
            {found.arrived.map((one) => (
              <CaseLine key={one.id} one={one}>
                {[placeOf(one), one.stage_name].filter(Boolean).join(" · ")}
              </CaseLine>
            ))}
          </Part>
          <Part title={t("briefing.closed_since", { at: since })} empty={t("briefing.none_closed")} count={found.closed.length}>
            {found.closed.map((one) => (
              <CaseLine key={one.id} one={one}>
                {one.outcome_name ?? one.stage_name}
                {one.closed_at ? ` · ${dateTime(one.closed_at, language, zone)}` : ""}
              </CaseLine>
            ))}
          </Part>
          <Part title={t("briefing.recurring", { n: found.recurring_days })} empty={t("briefing.none_recurring")} count={found.recurring.length}>
            {found.recurring.map(({ kind, place }) => (
              <li key={`${kind} ${place.equipment?.id ?? place.area?.id} ${place.category_name}`}>
                <Link to={rowsOf(place.rows)}>{place.equipment ? `${place.equipment.number} ${place.equipment.name}` : place.area?.name}</Link> · {place.category_name}{" "}
                <b className="num">{t("dashboard.times", { n: place.registered })}</b>
              </li>
            ))}
          </Part>
        </div>
      </div>
      <p className="only-print briefing-sign">{t("briefing.sign")}</p>
    </>
  );
}

const placeOf = (one: CaseBrief) => [one.area?.name, one.equipment && `${one.equipment.number} ${one.equipment.name}`].filter(Boolean).join(" · ");

function Part({ title, empty, count, children }: { title: string; empty: string; count: number; children: ReactNode }) {
  return (
    <section className="briefing-part">
      <h2>{title}</h2>
      {count === 0 ? <p className="soft">{empty}</p> : <ul>{children}</ul>}
    </section>
  );
}

function CaseLine({ one, children }: { one: CaseBrief; children: ReactNode }) {
  return (
    <li>
      <p>
        <Risk level={one.risk_level} kind={one.kind} /> <Link to={`/cases/${one.id}`}>{one.title}</Link>
      </p>
      <p className="soft small">
        <span className="num">{one.number}</span> · {children}
      </p>
    </li>
  );
}

function Heap({ title, urgency, tasks }: { title: string; urgency: string; tasks: BriefTask[] }) {
  const { t } = useWords();
  const [whole, showWhole] = useState(false);
  const cases = [...new Map(tasks.map((task) => [task.case.id, tasks.filter((one) => one.case.id === task.case.id)])).values()];
  if (cases.length === 0) return null;
  return (
    <>
      <h3 className={urgency === "overdue" ? "late" : undefined}>
        {title} <span className="num">{tasks.length}</span>
      </h3>
      <ul className={`heap heap-${urgency}`}>
        {cases.slice(0, whole ? undefined : SHOWN).map((owed) => (
          <Owed key={owed[0]?.case.id} owed={owed} />
        ))}
      </ul>
      {cases.length > SHOWN && !whole && (
        <Button type="link" size="small" className="no-print" onClick={() => showWhole(true)}>
          {t("briefing.whole", { n: cases.length - SHOWN })}
        </Button>
      )}
    </>
  );
}

/** What is owed of one case, by whomever in the team. */
function Owed({ owed }: { owed: BriefTask[] }) {
  const { t, language } = useWords();
  const first = owed[0];
  if (!first) return null;
  const said = owed.map((task) => t("briefing.who_does", { duty: task.duty_name, who: task.party_text })).join(language === "zh" ? "；" : "; ");
  return (
    <li>
      <p>
        <Risk level={first.case.risk_level} kind={first.case.kind} /> <Link to={`/cases/${first.case.id}`}>{first.case.title}</Link>
      </p>
      <p className="soft small">{[placeOf(first.case), said].filter(Boolean).join(" · ")}</p>
      <Clock dueAt={first.due_at} />
    </li>
  );
}
