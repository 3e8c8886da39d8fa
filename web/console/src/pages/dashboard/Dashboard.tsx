import { FileDoneOutlined } from "@ant-design/icons";
import { DatePicker, Segmented, Select } from "antd";
import dayjs from "dayjs";
import { useSearchParams } from "react-router";

import { useKinds, useReportable, useStatistics } from "../../api/queries";
import { usePermission, useSession } from "../../api/session";
import type { Statistics } from "../../api/types";
import { LinkButton } from "../../parts/LinkButton";
import { Bones, Empty, Failure, PageHead } from "../../parts/states";
import { time, isoDay } from "../../time/format";
import { useWords } from "../../words/words";
import { Areas } from "./Areas";
import { Cards, Formula, Opening } from "./Cards";
import "./dashboard.css";
import { FloorHeat } from "./FloorHeat";
import { Groups } from "./Groups";
import { Mine } from "./Mine";
import { CHOICES, daysOf } from "./period";
import { Places } from "./Places";
import { Trend } from "./Trend";
import { firstReach, type Reach } from "./view";
import { Waits } from "./Waits";

/** Where things stand and where they wait; what it shows of whom stands in the address. */
export default function Dashboard() {
  const { t } = useWords();
  const session = useSession();
  const zone = session.tenant.time_zone;
  const [search, setSearch] = useSearchParams();
  const reportable = useReportable();
  const { data: kinds, error: noKinds, refetch: again } = useKinds();
  const kind = search.get("kind") ?? reportable[0]?.key ?? kinds?.items[0]?.key;
  const choice = search.get("days") ?? (search.get("from") || search.get("to") ? "" : "30");
  const days = choice ? daysOf(choice, isoDay(Date.now(), zone)) : { from: search.get("from") ?? undefined, to: search.get("to") ?? undefined };
  const reach = (search.get("of") as Reach | null) ?? firstReach(session.account.roles);
  const { data, error, isPending, isPlaceholderData, refetch } = useStatistics(kind, { ...days, reach, whole_register: true });
  const set = (part: Record<string, string | undefined>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(part)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace: true });
  };
  const exports = usePermission("cases.export");
  const seesAll = usePermission("cases.see_all");
  const reaches: Reach[] = seesAll ? ["plant", "team", "reported"] : ["team", "reported"];
  return (
    <div className="page dashboard">
      <PageHead
        title={t("dashboard.title")}
        actions={
          exports && (
            <LinkButton size="large" icon={<FileDoneOutlined />} to="/meeting">
              {t("meeting.title")}
            </LinkButton>
          )
        }
      >
        {data && t("dashboard.as_of", { kind: data.kind_name, at: time(data.as_of, zone) })}
      </PageHead>
      <div className="dashboard-tools">
        {(kinds?.items.length ?? 0) > 1 && (
          <Select
            aria-label={t("register.kind")}
            value={kind}
            options={kinds?.items.map((one) => ({ value: one.key, label: one.name }))}
            onChange={(next: string) => set({ kind: next })}
          />
        )}
        <Segmented aria-label={t("dashboard.of")} value={reach} onChange={(of) => set({ of })} options={reaches.map((one) => ({ value: one, label: t(`dashboard.of_${one}`) }))} />
        <Segmented
          aria-label={t("dashboard.period")}
          value={choice}
          onChange={(next) => set({ days: next, from: undefined, to: undefined })}
          options={CHOICES.map((one) => ({ value: one, label: t(`dashboard.days_${one}`) }))}
        />
        <DatePicker.RangePicker
          aria-label={t("dashboard.period")}
          classNames={{ popup: { root: "dashboard-days" } }}
          allowEmpty={[true, true]}
          value={[days.from ? dayjs(days.from) : null, days.to ? dayjs(days.to) : null]}
          onChange={(range) => set({ days: undefined, from: range?.[0]?.format("YYYY-MM-DD"), to: range?.[1]?.format("YYYY-MM-DD") })}
        />
      </div>
      {reach !== "plant" && <Mine />}
      {error || noKinds ? (
        <Failure error={error ?? noKinds} again={() => void (error ? refetch() : again())} />
      ) : isPending ? (
        <Bones heights={[130, 130, 180, 280]} />
      ) : (
        <div className={isPlaceholderData ? "faded" : undefined}>
          <Shown found={data} />
        </div>
      )}
    </div>
  );
}

function Shown({ found }: { found: Statistics }) {
  const { t } = useWords();
  const { live, imported } = found;
  const registered = live.figures.find((figure) => figure.key === "registered")?.value ?? 0;
  const open = live.figures.find((figure) => figure.key === "open")?.value ?? 0;
  const ended = live.figures.find((figure) => figure.key === "closed_in_period")?.value ?? 0;
  const areas = live.by.find((one) => one.key === "area");
  if (registered + open + ended === 0 && !imported) return <Empty title={t("dashboard.empty")}>{t("dashboard.empty_text")}</Empty>;
  return (
    <div className="stack">
      <Cards live={live} imported={imported} />
      <Waits live={live} />
      {found.floor_plans.length > 0 && <FloorHeat plans={found.floor_plans} figures={found.plan_figures} />}
      <div className="dashboard-two">
        <Trend live={live} step={found.step} />
        {areas && found.floor_plans.length === 0 && <Areas areas={areas} />}
        <Groups by={live.by} title={t("dashboard.groups")} />
        <Places live={live} />
      </div>
      {imported && (
        <section className="card" aria-labelledby="before">
          <h2 id="before">{t("dashboard.register")}</h2>
          <p className="soft small">{t("dashboard.register_text")}</p>
          <dl className="before">
            {imported.figures
              .filter((figure) => figure.value !== null)
              .map((figure) => (
                <div key={figure.key}>
                  <dt>
                    {figure.name} <Formula figure={figure} />
                  </dt>
                  <dd>
                    <Opening figure={figure} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      )}
    </div>
  );
}
