import { Tooltip } from "antd";

import { useSession } from "../api/session";
import { ago, clock } from "../time/clock";
import { dateTime } from "../time/format";
import { useNow } from "../time/now";
import { useWords } from "../words/words";

/** A deadline as people say it; the exact moment on hover and for readers. */
export function Clock({ dueAt, givenAt }: { dueAt: string; givenAt?: string }) {
  const now = useNow();
  const { t, language } = useWords();
  const exact = useExact(dueAt);
  const said = clock(dueAt, now, language, givenAt);
  return (
    <Tooltip title={t("time.due_at", { at: exact })}>
      <time dateTime={dueAt} className={`clock clock-${said.urgency}`}>
        {said.text}
      </time>
    </Tooltip>
  );
}

/** When something happened: how long ago, with the exact moment on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  const { language } = useWords();
  const exact = useExact(at);
  return (
    <Tooltip title={exact}>
      <time dateTime={at}>{ago(at, now, language)}</time>
    </Tooltip>
  );
}

/** The exact moment. */
export function Moment({ at }: { at: string }) {
  return <time dateTime={at}>{useExact(at)}</time>;
}

function useExact(at: string): string {
  const { language } = useWords();
  return dateTime(at, language, useSession().tenant.time_zone);
}
