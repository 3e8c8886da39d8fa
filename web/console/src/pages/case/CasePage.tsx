import { EyeInvisibleOutlined } from "@ant-design/icons";
import { useMemo } from "react";
import { useParams, useSearchParams } from "react-router";

import { useCase, useKind } from "../../api/queries";
import type { Case, Duty, Kind } from "../../api/types";
import { Bones, Failure } from "../../parts/states";
import { useWords } from "../../words/words";
import "./case.css";
import { CaseHead } from "./CaseHead";
import { Decided } from "./Decided";
import { Done, Duties } from "./Duties";
import { Evidence } from "./Evidence";
import { Finds } from "./Finds";
import { FormFacts } from "./FormFacts";
import { Links } from "./Links";
import { LooksBack } from "./LooksBack";
import { MyDuty } from "./MyDuty";
import { Notes } from "./Notes";
import { Papers } from "./Papers";
import { PendingMoves } from "./PendingMoves";
import { Completion } from "./Completion";
import { Timeline } from "./Timeline";

/** One case: what I have to do first, then what it is, who owes what, what proves it, and all that happened. */
export default function CasePage() {
  const { id = "" } = useParams();
  const { data, error, isPending, refetch } = useCase(id);
  const kind = useKind(data?.kind);
  if (error && !data) return <Failure error={error} again={() => void refetch()} />;
  if (isPending || !kind) {
    return (
      <div className="page">
        <Bones heights={[90, 44, 240, 160]} />
      </div>
    );
  }
  return <Opened key={id} about={data} kind={kind} />;
}

function Opened({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const [search] = useSearchParams();
  const wanted = Number(search.get("duty"));
  const mine = useMemo(() => myDuties(about.duties, wanted), [about.duties, wanted]);
  return (
    <div className="page case">
      {about.blind && (
        <p className="blind" role="note">
          <EyeInvisibleOutlined /> <b>{t("blind.title")}</b> {t("blind.text")}
        </p>
      )}
      <CaseHead about={about} kind={kind} />
      <div className="case-columns">
        <div className="stack case-main">
          <Completion about={about} kind={kind} />
          <Finds about={about} />
          <LooksBack about={about} />
          {mine.map((duty) => (
            <MyDuty key={duty.no} about={about} kind={kind} duty={duty} />
          ))}
          <Done about={about} kind={kind} judged={mine} />
          <section className="card">
            <h2 className="section-title">{t("case.what")}</h2>
            <FormFacts form={kind.form} kind={kind} values={{ ...about.form, ...about.computed }} />
          </section>
          <Evidence about={about} kind={kind} />
          <PendingMoves about={about} kind={kind} />
          <Duties about={about} kind={kind} />
          <Papers about={about} />
          <Decided tables={about.tables} kind={kind} />
          <Links links={about.links} />
        </div>
        <aside className="case-side">
          <Notes about={about} />
          <Timeline id={about.id} />
        </aside>
      </div>
    </div>
  );
}

/** Open duties that I may do now, the one that was asked for first. */
function myDuties(duties: Duty[], wanted: number): Duty[] {
  return duties
    .filter((duty) => duty.status === "open" && duty.may.do.ok)
    .sort((one, other) => Number(other.no === wanted) - Number(one.no === wanted) || one.due_at.localeCompare(other.due_at));
}
