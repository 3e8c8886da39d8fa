import { SendOutlined, WarningFilled } from "@ant-design/icons";
import { App, Button, Popconfirm, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";

import { post } from "../../api/client";
import { byField, Problem } from "../../api/problem";
import { useRefresh } from "../../api/queries";
import type { Case, Kind, Reason, Reported, Values } from "../../api/types";
import { useFilling } from "../../form/draft";
import { FormView } from "../../form/FormView";
import { isSending, usesOf } from "../../form/proofs";
import { alarmOf, filled, hintOf, isUntouched, labelOf, minimumFields, type Field } from "../../form/reading";
import { useStanding } from "../../form/standing";
import { failureText, PageHead, Reasons } from "../../parts/states";
import { useWords } from "../../words/words";
import { CheckPanel } from "./CheckPanel";
import { Conflict } from "./Conflict";
import { Likely } from "./Likely";
import { OnWalk } from "./OnWalk";
import "./report.css";
import { Sent } from "./Sent";
import { useCheck } from "./useCheck";

type Props = { kind: Kind; kinds: Kind[]; place: string; initial: Values; walk?: Case };

/** A report being filled in, checked as it grows; it can be sent however little it says. */
export function ReportForm({ kind, kinds, place, initial, walk }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const go = useNavigate();
  const refresh = useRefresh();
  const filling = useFilling(kind.form, place, initial);
  const values = useMemo(() => filled(kind.form, filling.values, {}), [kind.form, filling.values]);
  const checked = useCheck(kind.key, values);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Reason[]>([]);
  const [conflict, setConflict] = useState<string | null>(null);
  const [sent, setSent] = useState<Reported | null>(null);
  const [pressed, setPressed] = useState(false);
  const [found, setFound] = useState<Reported[]>([]);

  const alarm = alarmOf(kind.form);
  const alarmed = alarm !== undefined && filling.values[alarm.name] === true;
  const minimum = useMemo(() => minimumFields(kind.form), [kind.form]);
  const problems = useProblems(checked?.intake ?? [], pressed ? (checked?.dispatch ?? []) : [], useStanding(refused, kind.form, filling));

  const send = async () => {
    setBusy(true);
    setRefused([]);
    try {
      const body = { kind: kind.key, form: values, files: usesOf(filling.proofs), ...(walk ? { parent: walk.id } : {}) };
      const made = await post<Reported>("/cases", body, filling.key);
      filling.reset();
      setPressed(false);
      if (walk) setFound((before) => [made, ...before]);
      else setSent(made);
      window.scrollTo({ top: 0 });
      void refresh(made.id);
    } catch (error) {
      if (error instanceof Problem && error.code === "idempotency_conflict") setConflict(String(error.more.case ?? ""));
      if (error instanceof Problem) setRefused(error.reasons);
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const missing = checked?.dispatch ?? [];
  const ready = checked !== null && missing.length === 0 && checked.intake.length === 0;
  const trySend = () => {
    setPressed(true);
    if (ready || alarmed) void send();
    else document.querySelector(".check")?.scrollIntoView({ behavior: "smooth", block: "center" });
  };

  if (sent) return <Sent made={sent} again={() => setSent(null)} />;
  return (
    <div className="page">
      <PageHead
        title={t("report.title", { kind: kind.name })}
        actions={
          kinds.length > 1 &&
          !walk && (
            <div className="report-kinds">
              <Segmented value={kind.key} onChange={(key) => void go(`/report/${key}`)} options={kinds.map((one) => ({ value: one.key, label: one.name }))} />
            </div>
          )
        }
      >
        {filling.restored ? t("report.restored") : t("report.text")}
      </PageHead>
      {walk && <OnWalk walk={walk} found={found} />}
      {alarm && <AlarmButton kind={kind} field={alarm} on={alarmed} press={() => filling.set(alarm.name, !alarmed)} />}
      <div className="report">
        <div className="report-form card">
          <FormView
            form={kind.form}
            kind={kind}
            filling={filling}
            computed={checked?.computed}
            problems={problems}
            only={(one) => one.name !== alarm?.name && (!alarmed || minimum.has(one.name) || one.proof || subjects(kind).has(one.name))}
          />
          {alarmed && <p className="soft report-later">{t("report.alarm_later")}</p>}
        </div>
        <aside className="report-side">
          <Likely kind={kind} values={values} join={(id) => void go(`/cases/${id}`)} filling={filling} />
          <CheckPanel kind={kind} checked={checked} empty={isUntouched(kind.form, values)} />
          {refused.length > 0 && (
            <div className="card" role="alert">
              <h3>{t("report.refused")}</h3>
              <Reasons reasons={refused} />
            </div>
          )}
        </aside>
      </div>
      <footer className="report-foot">
        <Popconfirm title={t("report.clear_sure")} okText={t("report.clear")} cancelText={t("cancel")} onConfirm={filling.reset}>
          <Button type="text" size="large">
            {t("report.clear")}
          </Button>
        </Popconfirm>
        <span className="grow soft small">{t("report.kept")}</span>
        {!ready && !alarmed && (
          <Button size="large" loading={busy} disabled={isSending(filling.proofs)} onClick={() => void send()}>
            {t("report.send_unfinished")}
          </Button>
        )}
        <Button type="primary" size="large" danger={alarmed} icon={<SendOutlined />} loading={busy} disabled={isSending(filling.proofs)} onClick={trySend}>
          {alarmed ? t("report.send_alarm") : t("report.send")}
        </Button>
      </footer>
      {conflict !== null && <Conflict id={conflict} close={() => setConflict(null)} anew={filling.renew} />}
    </div>
  );
}

function AlarmButton({ kind, field, on, press }: { kind: Kind; field: Field; on: boolean; press: () => void }) {
  return (
    <button type="button" className={`alarm ${on ? "on" : ""}`} aria-pressed={on} onClick={press} data-field={field.name}>
      <WarningFilled />
      <span>
        <b>{labelOf(kind, field)}</b>
        <span>{hintOf(kind, field)}</span>
      </span>
    </button>
  );
}

const subjects = (kind: Kind) => new Set(["area", "equipment"].map((word) => kind.subject[word] ?? ""));

function useProblems(intake: Reason[], dispatch: Reason[], refused: Reason[]) {
  return useMemo(() => byField(unique([...intake, ...dispatch, ...refused])), [intake, dispatch, refused]);
}

function unique(reasons: Reason[]): Reason[] {
  return [...new Map(reasons.map((reason) => [`${reason.field} ${reason.code}`, reason])).values()];
}
