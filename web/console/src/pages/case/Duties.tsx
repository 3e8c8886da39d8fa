import { Collapse, Dropdown, Modal } from "antd";
import { useState } from "react";

import type { Case, Duty, Kind } from "../../api/types";
import { Clock, Moment } from "../../parts/Clock";
import { Guarded } from "../../parts/Guarded";
import { Person } from "../../parts/states";
import { TimeTrack } from "../../parts/TimeTrack";
import { useWords, type WordKey } from "../../words/words";
import { FormFacts } from "./FormFacts";
import { MoveMenu } from "./MoveMenu";
import { MyDuty } from "./MyDuty";
import { SignatureView } from "./SignatureView";
import { Verdict } from "./Verdict";

/** Who owes what: open duties with holders, clocks and ladders; what was done folded away below. */
export function Duties({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const open = about.duties.filter((duty) => duty.status === "open");
  const ended = about.duties.filter((duty) => duty.status !== "open").reverse();
  if (about.duties.length === 0) return null;
  return (
    <section className="card">
      <h2 className="section-title">
        {t("duties.title")} <span className="count">{open.length}</span>
      </h2>
      {open.length === 0 && <p className="soft">{t("duties.none_open")}</p>}
      <ul className="duties">
        {open.map((duty) => (
          <OpenDuty key={duty.no} about={about} kind={kind} duty={duty} />
        ))}
      </ul>
      {ended.length > 0 && (
        <Collapse
          ghost
          className="duties-ended"
          items={[
            {
              key: "ended",
              label: t("duties.ended", { n: ended.length }),
              children: (
                <ul className="duties">
                  {ended.map((duty) => (
                    <EndedDuty key={duty.no} kind={kind} duty={duty} />
                  ))}
                </ul>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}

/** What was done so far, opened up for whoever has to judge it now: nobody decides on what they have not read. */
export function Done({ about, kind, judged }: { about: Case; kind: Kind; judged: Duty[] }) {
  const { t } = useWords();
  const done = about.duties.filter((duty) => duty.status === "discharged" && hasContent(duty)).reverse();
  if (done.length === 0 || !judged.some((duty) => JUDGING.has(duty.deed) && duty.move === null)) return null;
  return (
    <section className="card" data-section="done">
      <h2 className="section-title">{t("duties.done")}</h2>
      <ul className="duties">
        {done.map((duty) => (
          <EndedDuty key={duty.no} kind={kind} duty={duty} />
        ))}
      </ul>
    </section>
  );
}

const JUDGING = new Set<string>(["verify", "approve"]);

function hasContent(duty: Duty): boolean {
  return Object.keys(duty.form ?? {}).length > 0 || duty.comparison !== null || duty.signature !== null;
}

function OpenDuty({ about, kind, duty }: { about: Case; kind: Kind; duty: Duty }) {
  const { t } = useWords();
  const reached = duty.rungs.filter((rung) => rung.reached);
  return (
    <li>
      <div className="row wrap">
        <b>{duty.name}</b>
        {duty.part === "assist" && <span className="tag">{t("duty.assist")}</span>}
        {duty.blind && <span className="tag solid">{t("blind.tag")}</span>}
        <span className="grow" />
        <Clock dueAt={duty.due_at} givenAt={duty.opened_at} />
      </div>
      <p className="row wrap duty-who">
        {duty.party.text && !(duty.holders.length === 1 && duty.holders[0]!.name === duty.party.text) && <span className="soft">{duty.party.text}</span>}
        {duty.holders.map((one) => (
          <Person key={one.id} name={one.name} off={!one.on_duty} />
        ))}
        {duty.holders.length === 0 && !duty.blind && !about.blind && <span className="tag late">{t("duty.unheld")}</span>}
        {duty.claimed_by && <span className="tag accent">{t("duty.claimed", { name: duty.claimed_by.name })}</span>}
      </p>
      <TimeTrack openedAt={duty.opened_at} dueAt={duty.due_at} rungs={duty.rungs} />
      {reached.length > 0 && (
        <p className="small duty-rungs">
          {t("duty.climbed")}
          {reached.map((rung) => (
            <span key={rung.key + rung.at} className="tag late">
              {rung.name} · {rung.to_text}
            </span>
          ))}
        </p>
      )}
      {!duty.may.do.ok && (
        <div className="row wrap">
          <Guarded gate={duty.may.do} size="small">
            {duty.name}
          </Guarded>
          <span className="why grow">{duty.may.do.why}</span>
          <SignFor about={about} kind={kind} duty={duty} />
          <MoveMenu about={about} kind={kind} options={duty.may.moves} duty={duty} label={t("move.duty")} small />
        </div>
      )}
    </li>
  );
}

/** 授权代签: doing it in the name of somebody who is away; both names are shown, and the server says who may. */
function SignFor({ about, kind, duty }: { about: Case; kind: Kind; duty: Duty }) {
  const { t } = useWords();
  const [who, setWho] = useState<string | null>(null);
  if (duty.blind || about.blind || duty.holders.length === 0) return null;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{ items: duty.holders.map((one) => ({ key: one.id, label: t("duty.sign_for_name", { name: one.name }), onClick: () => setWho(one.id) })) }}
      >
        <button type="button" className="bare small soft">
          {t("duty.sign_for")}
        </button>
      </Dropdown>
      <Modal open={who !== null} footer={null} onCancel={() => setWho(null)} destroyOnHidden width={720} title={t("duty.sign_for")}>
        {who && <MyDuty about={about} kind={kind} duty={duty} onBehalfOf={who} done={() => setWho(null)} />}
      </Modal>
    </>
  );
}

const STATUS: Record<string, WordKey> = { discharged: "duty.discharged", cancelled: "duty.cancelled", waived: "duty.waived" };

function EndedDuty({ kind, duty }: { kind: Kind; duty: Duty }) {
  const { t } = useWords();
  const form = duty.form_key ? kind.forms[duty.form_key] : undefined;
  return (
    <li className={duty.status === "discharged" ? "" : "soft"}>
      <div className="row wrap">
        <b>{duty.name}</b>
        <span className="tag">{duty.outcome_name ?? t(STATUS[duty.status] ?? "duty.cancelled")}</span>
        {duty.breached_at && <span className="tag late">{t("duty.breached")}</span>}
        <span className="grow" />
        {duty.ended_by && <Person name={duty.ended_by.name} />}
        {duty.on_behalf_of && <span className="small">{t("duty.signed_for", { name: duty.on_behalf_of.name })}</span>}
        {duty.ended_at && (
          <span className="small soft">
            <Moment at={duty.ended_at} />
          </span>
        )}
      </div>
      {form && duty.form && <FormFacts form={form} kind={kind} values={duty.form} />}
      {duty.comparison && <Verdict comparison={duty.comparison} />}
      {duty.signature && <SignatureView signature={duty.signature} />}
    </li>
  );
}
