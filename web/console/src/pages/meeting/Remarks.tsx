import { App, Button } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { post } from "../../api/client";
import { byField, Problem } from "../../api/problem";
import { useCase, useKind, useRefresh } from "../../api/queries";
import type { Case, CaseBrief, Kind, Meeting, MoveOption, Reason } from "../../api/types";
import { useFilling } from "../../form/draft";
import { FormView } from "../../form/FormView";
import { filled, type FormContext } from "../../form/reading";
import { useStanding } from "../../form/standing";
import { failureText, FactList } from "../../parts/states";
import { useWords } from "../../words/words";

/** What stands beside the figures, edited where it stands as long as the meeting is not over. */
export function Remarks({ found, about }: { found: Meeting; about: CaseBrief }) {
  const { t } = useWords();
  const { data } = useCase(about.id);
  const kind = useKind(about.kind);
  const move = data?.may.moves.find((one) => one.key === found.remarks_move);
  const form = move?.form && kind ? kind.forms[move.form] : undefined;
  return (
    <section className="card" aria-labelledby="remarks">
      <h2 id="remarks" className="section-title">
        {t("meeting.remarks")}
      </h2>
      {data && kind && move?.ok && form ? (
        <Edited key={data.version} about={data} kind={kind} move={move} form={form} />
      ) : (
        <FactList facts={found.remarks.map((one) => ({ name: one.label, value: one.text, whole: true }))} />
      )}
    </section>
  );
}

type Props = { about: Case; kind: Kind; move: MoveOption; form: NonNullable<Kind["forms"][string]> };

function Edited({ about, kind, move, form }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const client = useQueryClient();
  const filling = useFilling(form, null, move.begins);
  const [busy, setBusy] = useState(false);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const standing = useStanding(reasons, form, filling);
  const problems = useMemo(() => byField(standing), [standing]);
  const context: FormContext = { case: { ...about, ...about.form, ...about.computed } };
  const save = async () => {
    setBusy(true);
    setReasons([]);
    try {
      await post(`/cases/${about.id}/moves`, { move: move.key, form: filled(form, filling.values, context) }, filling.key);
      void message.success(t("meeting.saved"));
      await Promise.all([refresh(about.id), client.invalidateQueries({ queryKey: ["meeting"] })]);
    } catch (error) {
      if (error instanceof Problem && error.reasons.length > 0) setReasons(error.reasons);
      else void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <FormView form={form} kind={kind} filling={filling} context={context} problems={problems} />
      <Button type="primary" size="large" loading={busy} onClick={() => void save()}>
        {t("meeting.save")}
      </Button>
    </>
  );
}
