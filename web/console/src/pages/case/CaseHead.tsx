import { CheckOutlined, EnvironmentOutlined, FileDoneOutlined, ToolOutlined } from "@ant-design/icons";

import { wordOf } from "../../api/queries";
import { usePermission } from "../../api/session";
import type { Case, Kind, StageKind } from "../../api/types";
import { Clock, Moment } from "../../parts/Clock";
import { Lapsed } from "../../parts/Lapsed";
import { LinkButton } from "../../parts/LinkButton";
import { Risk } from "../../parts/Risk";
import { useWords } from "../../words/words";
import { MoveMenu } from "./MoveMenu";

/** Number, risk, where it stands, and its deadline. */
export function CaseHead({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const exports = usePermission("cases.export");
  const closed = about.status !== "open";
  return (
    <header className="case-head">
      <div className="row wrap">
        <span className="num case-number">{about.number}</span>
        <Risk level={about.risk_level} kind={kind.key} />
        {about.grade && <span className="tag">{gradeWord(kind, about.grade)}</span>}
        {about.imported && <span className="tag">{t("case.imported")}</span>}
        {Number(about.reopened) > 0 && <span className="tag late">{t("case.reopened")}</span>}
        {about.overdue_at && <span className="tag late">{t("case.was_overdue")}</span>}
        <span className="grow" />
        {!closed && about.due_at && <Clock dueAt={about.due_at} />}
        {about.reviews && exports && (
          <LinkButton icon={<FileDoneOutlined />} to={`/meeting?month=${about.reviews}`}>
            {t("meeting.of_case")}
          </LinkButton>
        )}
        <MoveMenu about={about} kind={kind} options={about.may.moves} label={t("move.case")} />
      </div>
      <h1>{about.title || kind.name}</h1>
      <p className="row wrap soft case-where">
        {about.area && (
          <span>
            <EnvironmentOutlined /> {about.area.name}
          </span>
        )}
        {about.equipment && (
          <span>
            <ToolOutlined /> {about.equipment.number} {about.equipment.name} <Lapsed of={about.equipment.lapsed} />
          </span>
        )}
        {about.category_name && <span>{about.category_name}</span>}
        {about.reporter && <span>{t("case.reported_by", { name: about.reporter.name })}</span>}
        <span>
          <Moment at={about.opened_at} />
        </span>
      </p>
      <Stepper about={about} kind={kind} />
    </header>
  );
}

/** The stages that it has been in, the one it is in, and the straight way to closure. */
function Stepper({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const steps = stepsOf(about, kind);
  const closed = about.status !== "open";
  const at = closed ? steps.length : steps.findIndex((stage) => stage.key === about.stage);
  return (
    <ol className="steps" aria-label={t("case.stages")} tabIndex={0}>
      {steps.map((stage, place) => {
        const state = place < at ? "past" : place === at ? "now" : "ahead";
        return (
          <li key={stage.key} className={`step ${state}`} aria-current={state === "now" ? "step" : undefined}>
            <i aria-hidden>{state === "past" ? <CheckOutlined /> : place + 1}</i>
            <span>{stage.name}</span>
          </li>
        );
      })}
      <li className={`step ${closed ? "now end" : "ahead"}`} aria-current={closed ? "step" : undefined}>
        <i aria-hidden>{closed ? <CheckOutlined /> : steps.length + 1}</i>
        <span>{closed && about.outcome_name ? about.outcome_name : t("case.closed")}</span>
      </li>
    </ol>
  );
}

export function stepsOf(about: Pick<Case, "stage" | "duties">, kind: Pick<Kind, "stages" | "usual_stage">): StageKind[] {
  const wanted = new Set(about.duties.map((duty) => duty.stage));
  if (about.stage) wanted.add(about.stage);
  const byKey = new Map(kind.stages.map((stage) => [stage.key, stage]));
  let next = about.stage ? byKey.get(about.stage) : undefined;
  const walked = new Set<string>();
  while (next && !walked.has(next.key)) {
    walked.add(next.key);
    if (!next.sometimes) wanted.add(next.key);
    const to = next.then?.done ?? next.then?.pass ?? "";
    // `intake` decides anew where it goes: usually where no special rule holds.
    next = byKey.get(to) ?? (to.startsWith("close") || to === "" ? undefined : byKey.get(kind.usual_stage));
  }
  return kind.stages.filter((stage) => wanted.has(stage.key));
}

/** The grade's word: whichever family of choices knows it. */
function gradeWord(kind: Kind, grade: string): string {
  const family = Object.keys(kind.words).find((key) => key.endsWith(`_grade.${grade}`));
  return family ? wordOf(kind, family) : grade;
}
