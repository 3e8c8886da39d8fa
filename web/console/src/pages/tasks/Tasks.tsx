import { CheckOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";

import { post } from "../../api/client";
import { useKinds, useTaskCounts, useTasks } from "../../api/queries";
import { useSession } from "../../api/session";
import type { Reason, Task } from "../../api/types";
import { uuid7 } from "../../api/uuid";
import { Bones, Empty, Failure, failureText, PageHead } from "../../parts/states";
import { heap, type Due } from "../../time/clock";
import { useNow } from "../../time/now";
import { useWords } from "../../words/words";
import { isReceipt } from "./receipt";
import { TaskCard } from "./TaskCard";
import "./tasks.css";

type Scope = "mine" | "team";
type Answer = { items: { case: string; duty: number; ok: boolean; reasons: Reason[] }[] };
const HEAPS: Due[] = ["overdue", "today", "later"];

/** What I owe, or my team: overdue first, then what is due today, then the rest. */
export default function Tasks() {
  const { t } = useWords();
  const [search, setSearch] = useSearchParams();
  const scope: Scope = search.get("scope") === "team" ? "team" : "mine";
  const { items, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTasks(scope);
  const { data: counts } = useTaskCounts();
  const { data: kinds } = useKinds();
  const heaps = useHeaps(items);
  const { acknowledge, busy } = useAcknowledge();
  const receipts = items.filter((task) => task.duty.may.do.ok && isReceipt(task, kinds?.items.find((kind) => kind.key === task.case.kind)));

  return (
    <div className="page">
      <PageHead
        title={t("tasks.title")}
        actions={
          <Segmented<Scope>
            aria-label={t("tasks.scope")}
            value={scope}
            onChange={(next) => setSearch(next === "team" ? { scope: next } : {})}
            options={[
              { value: "mine", label: `${t("tasks.mine")}${counts ? ` ${counts.mine}` : ""}` },
              { value: "team", label: `${t("tasks.team")}${counts ? ` ${counts.team}` : ""}` },
            ]}
          />
        }
      >
        {counts && (counts.overdue > 0 ? t("tasks.some_overdue", { n: counts.overdue }) : t("tasks.none_overdue"))}
      </PageHead>
      {receipts.length > 1 && (
        <div className="receipts">
          <span className="grow">
            <b>{t("tasks.receipts", { n: receipts.length })}</b>
            <span className="soft"> {t("tasks.receipts_text")}</span>
          </span>
          <Button type="primary" size="large" icon={<CheckOutlined />} loading={busy} onClick={() => void acknowledge(receipts)}>
            {t("tasks.acknowledge_all", { n: receipts.length })}
          </Button>
        </div>
      )}
      {isPending ? (
        <Bones heights={[104, 104, 104, 104, 104]} />
      ) : error ? (
        <Failure error={error} again={() => void refetch()} />
      ) : items.length === 0 ? (
        <Empty title={scope === "mine" ? t("tasks.empty") : t("tasks.empty_team")}>{t("tasks.empty_text")}</Empty>
      ) : (
        HEAPS.filter((due) => heaps[due].length > 0).map((due) => (
          <section key={due} className="heap" aria-labelledby={`heap-${due}`}>
            <h2 id={`heap-${due}`} className={`section-title heap-${due}`}>
              {t(`tasks.${due}`)} <span className="count">{heaps[due].length}</span>
            </h2>
            <ul className="stack tight">
              {heaps[due].map((task) => (
                <TaskCard key={`${task.case.id}/${task.duty.no}`} task={task} busy={busy} acknowledge={() => void acknowledge([task])} />
              ))}
            </ul>
          </section>
        ))
      )}
      {hasNextPage && (
        <Button block loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </div>
  );
}

function useHeaps(items: Task[]): Record<Due, Task[]> {
  const now = useNow();
  const zone = useSession().tenant.time_zone;
  return useMemo(() => {
    const heaps: Record<Due, Task[]> = { overdue: [], today: [], later: [] };
    for (const task of items) heaps[heap(task.duty.due_at, now, zone)].push(task);
    return heaps;
  }, [items, now, zone]);
}

function useAcknowledge() {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const acknowledge = async (tasks: Task[]) => {
    setBusy(true);
    try {
      const items = tasks.map((task) => ({ case: task.case.id, duty: task.duty.no }));
      const answer = await post<Answer>("/tasks/acknowledge", { items }, uuid7());
      const failed = answer.items.filter((one) => !one.ok);
      const done = answer.items.length - failed.length;
      if (done > 0) void message.success(t("tasks.acknowledged", { n: done }));
      for (const one of failed) void message.error(one.reasons.map((reason) => reason.text).join(" "));
      await Promise.all(["tasks", "cases", "case"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    } catch (error) {
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return { acknowledge, busy };
}
