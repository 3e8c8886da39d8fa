import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "react-router";

import { post } from "../api/client";
import { useNotices } from "../api/queries";
import { Ago } from "../parts/Clock";
import { Bones, Empty, Failure } from "../parts/states";
import { useWords } from "../words/words";

/** What one was told; opening the list marks it as seen when it is left. */
export function Notices({ close }: { close: () => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useNotices();
  const fresh = data?.items.filter((notice) => !notice.seen_at).map((notice) => notice.id).join(",") ?? "";

  useEffect(() => {
    if (!fresh) return undefined;
    const timer = setTimeout(() => {
      void post("/notices/seen", { ids: fresh.split(",").map(Number) }).then(
        () => client.invalidateQueries({ queryKey: ["notices"] }),
        () => undefined,
      );
    }, 2500);
    return () => clearTimeout(timer);
  }, [fresh, client]);

  if (isPending) return <Bones heights={[60, 60, 60]} />;
  if (error) return <Failure error={error} again={() => void refetch()} />;
  if (data.items.length === 0) return <Empty title={t("notices.none")}>{t("notices.none_text")}</Empty>;
  return (
    <ul>
      {data.items.map((notice) => {
        const inside = (
          <>
            <p>{notice.text}</p>
            <span className="small soft">
              {notice.urgent && <span className="tag late">{t("notices.urgent")}</span>} <Ago at={notice.at} />
            </span>
          </>
        );
        const look = `notice ${notice.seen_at ? "" : "fresh"}`;
        return (
          <li key={notice.id}>
            {notice.case ? (
              <Link className={look} style={{ color: "inherit" }} to={`/cases/${notice.case}`} onClick={close}>
                {inside}
              </Link>
            ) : (
              <div className={look}>{inside}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
