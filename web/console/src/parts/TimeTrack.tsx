import { Tooltip } from "antd";

import { useSession } from "../api/session";
import type { Rung } from "../api/types";
import { dateTime } from "../time/format";
import { useNow } from "../time/now";
import { useWords } from "../words/words";

type Props = { openedAt: string; dueAt: string; rungs?: Rung[]; endedAt?: string | null };

/** A duty's time as a line that burns down, with the deadline and the rungs of its ladder on it. */
export function TimeTrack({ openedAt, dueAt, rungs = [], endedAt }: Props) {
  const now = useNow();
  const { t, language } = useWords();
  const zone = useSession().tenant.time_zone;
  const from = Date.parse(openedAt);
  const due = Date.parse(dueAt);
  const at = endedAt ? Date.parse(endedAt) : now;
  const until = Math.max(due, at, ...rungs.filter((rung) => Date.parse(rung.at) < due * 2 - from).map((rung) => Date.parse(rung.at)));
  const place = (instant: number) => `${Math.min(100, Math.max(0, ((instant - from) / Math.max(1, until - from)) * 100))}%`;
  return (
    <div className={`track ${at > due ? "late" : ""}`} role="group" aria-label={t("track.label")}>
      <div className="track-line" aria-hidden>
        <b style={{ width: place(at) }} />
      </div>
      <span className="track-due" style={{ left: place(due) }} aria-hidden />
      {rungs
        .filter((rung) => Date.parse(rung.at) <= until)
        .map((rung) => {
          const said = `${rung.name} · ${rung.to_text} · ${dateTime(rung.at, language, zone)}${rung.reached ? ` · ${t("rung.reached")}` : ""}`;
          return (
            <Tooltip key={rung.key + rung.at} title={said}>
              <span
                role="img"
                aria-label={said}
                className={`track-rung ${rung.reached ? "reached" : ""}`}
                style={{ left: place(Date.parse(rung.at)) }}
              />
            </Tooltip>
          );
        })}
    </div>
  );
}
