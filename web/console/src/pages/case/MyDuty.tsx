import { App, Button } from "antd";
import { useMemo, useState } from "react";

import { post } from "../../api/client";
import { byField, notOf, Problem } from "../../api/problem";
import { useRefresh } from "../../api/queries";
import { useSession } from "../../api/session";
import type { Case, CaseBrief, Duty, Kind, Reason, Schema, Values } from "../../api/types";
import { useFilling } from "../../form/draft";
import { FormView } from "../../form/FormView";
import { isSending, usesOf } from "../../form/proofs";
import { filled, type FormContext } from "../../form/reading";
import { useStanding } from "../../form/standing";
import { Clock } from "../../parts/Clock";
import { Guarded } from "../../parts/Guarded";
import { failureText, Reasons } from "../../parts/states";
import { TimeTrack } from "../../parts/TimeTrack";
import { useWords } from "../../words/words";
import { WishFiles } from "./FileTiles";
import { FormFacts } from "./FormFacts";
import { MoveMenu } from "./MoveMenu";
import { Verdict } from "./Verdict";

type Props = { about: Case; kind: Kind; duty: Duty; onBehalfOf?: string; done?: () => void };

const NO_FORM: Schema = { type: "object", properties: {} };

/** What I owe on this case, ready to be done: form, proof, outcome. */
export function MyDuty({ about, kind, duty, onBehalfOf, done }: Props) {
  const { t } = useWords();
  const { account } = useSession();
  const form = useMemo(() => withSlots(duty.form_key ? (kind.forms[duty.form_key] ?? NO_FORM) : NO_FORM, duty.prove), [kind, duty.form_key, duty.prove]);
  const place = onBehalfOf ? null : `anhuan.duty.${account.id}.${about.id}.${duty.no}`;
  const filling = useFilling(form, place, duty.form ?? {});
  const [outcome, setOutcome] = useState<string | undefined>(duty.outcomes.length === 1 ? duty.outcomes[0]!.key : undefined);
  const context: FormContext = { case: { ...about, ...about.form, ...about.computed }, outcome };
  const { send, busy, reasons: said } = useDischarge({ about, duty, onBehalfOf, done });
  const reasons = useStanding(said, form, filling);
  const problems = useMemo(() => byField(reasons), [reasons]);
  const elsewhere = notOf(form, reasons);

  const submit = (chosen: string) =>
    void send(
      {
        outcome: chosen,
        form: filled(form, filling.values, { ...context, outcome: chosen }),
        files: usesOf(filling.proofs),
        signature: filling.proofs.drawing ? { drawing: filling.proofs.drawing, statement: t("signature.statement") } : undefined,
      },
      filling.key,
      filling.reset,
    );
  return (
    <section className="card my-duty" aria-labelledby={`duty-${duty.no}`} data-duty={duty.key}>
      <header className="row wrap">
        <div className="grow">
          <p className="small soft">{onBehalfOf ? t("duty.on_behalf") : duty.part === "assist" ? t("duty.mine_assist") : t("duty.mine")}</p>
          <h2 id={`duty-${duty.no}`}>{duty.name}</h2>
        </div>
        <Clock dueAt={duty.due_at} givenAt={duty.opened_at} />
        {!onBehalfOf && <MoveMenu about={about} kind={kind} options={duty.may.moves} duty={duty} label={t("move.duty")} />}
      </header>
      <TimeTrack openedAt={duty.opened_at} dueAt={duty.due_at} rungs={duty.rungs} />
      {duty.comparison && <Verdict comparison={duty.comparison} />}
      <Asked about={about} kind={kind} no={duty.move ?? null} />
      {duty.outcomes.length > 1 && (
        <div className="outcomes" role="radiogroup" aria-label={t("duty.outcome")}>
          {duty.outcomes.map((one) => (
            <label key={one.key} className={`outcome outcome-${one.key} ${outcome === one.key ? "chosen" : ""}`}>
              <input type="radio" name={`outcome-${duty.no}`} checked={outcome === one.key} onChange={() => setOutcome(one.key)} />
              {one.name}
            </label>
          ))}
        </div>
      )}
      {(duty.outcomes.length === 1 || outcome) && (
        <FormView form={form} kind={kind} filling={filling} context={context} problems={problems} prove={duty.part === "assist" ? [] : duty.prove} />
      )}
      {elsewhere.length > 0 && (
        <div role="alert">
          <Reasons reasons={elsewhere} />
        </div>
      )}
      <footer className="row wrap">
        <Guarded
          gate={outcome ? { ok: true, why: null } : { ok: false, why: t("duty.choose_outcome") }}
          type="primary"
          size="large"
          className="my-duty-send"
          loading={busy}
          disabled={isSending(filling.proofs)}
          onClick={() => outcome && submit(outcome)}
        >
          {duty.outcomes.length === 1 ? duty.name : outcome ? t("duty.decide", { outcome: duty.outcomes.find((one) => one.key === outcome)?.name ?? outcome }) : t("duty.choose_outcome")}
        </Guarded>
        {isSending(filling.proofs) && <span className="soft">{t("file.sending")}</span>}
        <ClaimButton about={about} duty={duty} />
      </footer>
    </section>
  );
}

/** What a duty of approval decides on. */
function Asked({ about, kind, no }: { about: Case; kind: Kind; no: number | null }) {
  const { t } = useWords();
  const asked = about.moves.find((move) => move.no === no);
  if (!asked) return null;
  const form = kind.forms[kind.moves.find((move) => move.key === asked.key)?.form ?? ""];
  return (
    <div className="asked">
      <p>
        <b>{asked.name}</b> <span className="soft">{asked.by && t("moves.asked_by", { name: asked.by.name })}</span>
      </p>
      {form && <FormFacts form={form} kind={kind} values={asked.form} />}
      <WishFiles files={asked.files} kind={kind} />
    </div>
  );
}

function ClaimButton({ about, duty }: { about: Case; duty: Duty }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  if (duty.holders.length < 2 || duty.claimed_by) return null;
  const claim = async () => {
    setBusy(true);
    try {
      await post(`/cases/${about.id}/duties/${duty.no}/claim`, {});
      await refresh(about.id);
    } catch (error) {
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  if (!duty.may.claim.ok && duty.may.do.ok) return null;
  return (
    <Button size="large" loading={busy} onClick={() => void claim()}>
      {t("duty.claim")}
    </Button>
  );
}

type Doing = { outcome: string; form: Values; files: unknown[]; signature: unknown };
type DischargeProps = { about: Case; duty: Duty; onBehalfOf: string | undefined; done: (() => void) | undefined };

function useDischarge({ about, duty, onBehalfOf, done }: DischargeProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const send = async (doing: Doing, key: string, reset: () => void) => {
    setBusy(true);
    setReasons([]);
    try {
      const path = `/cases/${about.id}/duties/${duty.no}/discharge`;
      const after = await post<CaseBrief>(path, { ...doing, on_behalf_of: onBehalfOf }, key);
      reset();
      void message.success(saidDone(t, duty, after));
      done?.();
      await refresh(about.id);
    } catch (error) {
      if (error instanceof Problem && error.reasons.length > 0) setReasons(error.reasons);
      else void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return { send, busy, reasons };
}

/** That it is done, and where the case stands now. */
function saidDone(t: ReturnType<typeof useWords>["t"], duty: Duty, after: CaseBrief): string {
  const closed = after.status === "closed";
  return t(closed ? "duty.done_closed" : "duty.done", { name: duty.name, stage: (closed ? after.outcome_name : after.stage_name) ?? "" });
}

/** The form with a slot for every proof that the duty asks for, also where the form names none. */
export function withSlots(form: Schema, prove: string[]): Schema {
  const slots = form["x-proofs"] ?? {};
  const more = prove.filter((slot) => !slots[slot]);
  if (more.length === 0) return form;
  const added = more.map((slot, place): [string, Schema] => [
    slot,
    { "x-widget": slot === "signature" ? "signature" : "photos", "x-order": 1000 + place, maxItems: 9 },
  ]);
  return { ...form, "x-proofs": { ...slots, ...Object.fromEntries(added) } };
}
