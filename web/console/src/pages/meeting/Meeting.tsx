import { DatePicker } from "antd";
import dayjs from "dayjs";
import { Link, useSearchParams } from "react-router";

import { useMeeting } from "../../api/queries";
import { useSession } from "../../api/session";
import type { Meeting as Found } from "../../api/types";
import { Moment } from "../../parts/Clock";
import { LinkButton } from "../../parts/LinkButton";
import { Bones, Failure, PageHead } from "../../parts/states";
import { isoDay } from "../../time/format";
import { useWords } from "../../words/words";
import { Actions } from "./Actions";
import { Fetching } from "./Fetching";
import "./meeting.css";
import { Remarks } from "./Remarks";
import { Statistics } from "./Statistics";

/** The safety meeting about a month: its pack, its remarks, what was to be done since the last one. */
export default function Meeting() {
  const { t } = useWords();
  const session = useSession();
  const [search, setSearch] = useSearchParams();
  const today = isoDay(Date.now(), session.tenant.time_zone);
  const month = search.get("month") ?? dayjs(today).subtract(1, "month").format("YYYY-MM");
  const { data, error, isPending, refetch } = useMeeting(month);
  return (
    <div className="page meeting">
      <PageHead
        title={t("meeting.title")}
        actions={
          <DatePicker
            picker="month"
            size="large"
            aria-label={t("meeting.month")}
            allowClear={false}
            value={dayjs(`${month}-01`)}
            onChange={(next) => next && setSearch({ month: next.format("YYYY-MM") }, { replace: true })}
          />
        }
      >
        {t("meeting.text")}
      </PageHead>
      {error ? (
        <Failure error={error} again={() => void refetch()} />
      ) : isPending ? (
        <Bones heights={[110, 150, 220, 140]} />
      ) : (
        <div className="stack">
          <Fetching path={`/reports/meeting/${month}`} name={`${t("meeting.title")} ${month}`} endings={["pdf", "docx", "xlsx"]} title={t("meeting.files", { month })}>
            {t("meeting.files_text", { kind: data.kind_name })}
          </Fetching>
          <Case found={data} />
          {data.meeting && <Remarks key={data.meeting.id} found={data} about={data.meeting} />}
          {data.meeting && <Actions title={t("meeting.carried")} none={t("meeting.carried_none")} actions={data.carried} />}
          {data.decided.length > 0 && <Actions title={t("meeting.decided")} none="" actions={data.decided} />}
          <Statistics today={today} />
        </div>
      )}
    </div>
  );
}

/** The meeting's case and how long preparing it took; the way to open one where there is none. */
function Case({ found }: { found: Found }) {
  const { t } = useWords();
  const { meeting, preparation } = found;
  if (!meeting) {
    if (!found.meeting_kind) return null;
    return (
      <section className="card row wrap">
        <span className="grow">
          <b>{t("meeting.none", { month: found.month })}</b>
          <br />
          <span className="soft">{t("meeting.none_text")}</span>
        </span>
        {found.may_be_raised && (
          <LinkButton size="large" to={`/report/${found.meeting_kind}`}>
            {t("meeting.raise", { kind: found.meeting_kind_name ?? "" })}
          </LinkButton>
        )}
      </section>
    );
  }
  return (
    <section className="card meeting-case" aria-labelledby="meeting-case">
      <div>
        <h2 id="meeting-case" className="section-title">
          {t("meeting.case")}
        </h2>
        <p>
          <Link to={`/cases/${meeting.id}`}>
            <span className="num">{meeting.number}</span> {meeting.title}
          </Link>
        </p>
        <p className="soft small">{meeting.outcome_name ?? meeting.stage_name}</p>
      </div>
      <div>
        <h2 className="section-title">{t("meeting.preparation")}</h2>
        {preparation ? (
          <>
            <p className="meeting-minutes num">{preparation.minutes === null ? t("meeting.preparing") : t("meeting.minutes", { n: Number(preparation.minutes) })}</p>
            <p className="soft small">
              {t("meeting.since")} <Moment at={preparation.begun_at} />
            </p>
            <p className="soft small">{preparation.elsewhere}</p>
          </>
        ) : (
          <p className="soft">{t("meeting.not_begun")}</p>
        )}
      </div>
    </section>
  );
}
