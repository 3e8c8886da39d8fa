import { EllipsisOutlined } from "@ant-design/icons";
import { App, Button, Dropdown, Modal } from "antd";
import { useMemo, useState } from "react";

import { post } from "../../api/client";
import { byField, notOf, Problem } from "../../api/problem";
import { useRefresh } from "../../api/queries";
import type { Case, Duty, Kind, MoveOption, Reason, Schema } from "../../api/types";
import { useFilling } from "../../form/draft";
import { FormView } from "../../form/FormView";
import { isSending, usesOf } from "../../form/proofs";
import { filled, type FormContext } from "../../form/reading";
import { useStanding } from "../../form/standing";
import { failureText, Reasons } from "../../parts/states";
import { useWords } from "../../words/words";

type Props = { about: Case; kind: Kind; options: MoveOption[]; duty?: Duty; label: string; small?: boolean };

/** What else can be asked than doing it: more time, hand over, send back; what is shut says why. */
export function MoveMenu({ about, kind, options, duty, label, small }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [chosen, setChosen] = useState<MoveOption | null>(null);
  if (options.length === 0) return null;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          className: "move-menu",
          items: options.map((one) => ({
            key: one.key,
            label: (
              <span className={one.ok ? "" : "move-off"} aria-disabled={!one.ok}>
                {one.name}
                {!one.ok && <span className="why">{one.why}</span>}
              </span>
            ),
            onClick: () => (one.ok ? setChosen(one) : void message.info(one.why ?? t("gate.closed"))),
          })),
        }}
      >
        <Button size={small ? "small" : "middle"} icon={<EllipsisOutlined />} aria-label={label} title={label} />
      </Dropdown>
      {chosen && <MoveForm about={about} kind={kind} move={chosen} duty={duty} close={() => setChosen(null)} />}
    </>
  );
}

type FormProps = { about: Case; kind: Kind; move: MoveOption; duty: Duty | undefined; close: () => void };
const NO_FORM: Schema = { type: "object", properties: {} };

/** What is asked for: its form, and the photos and papers that stand beside it. */
function MoveForm({ about, kind, move, duty, close }: FormProps) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const key = move.form ?? kind.moves.find((one) => one.key === move.key)?.form;
  const form = (key ? kind.forms[key] : undefined) ?? NO_FORM;
  const filling = useFilling(form, null, move.begins);
  const [busy, setBusy] = useState(false);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const standing = useStanding(reasons, form, filling);
  const problems = useMemo(() => byField(standing), [standing]);
  const context: FormContext = { case: { ...about, ...about.form, ...about.computed } };
  const elsewhere = notOf(form, standing);
  const sending = isSending(filling.proofs);
  const needsApproval = kind.moves.find((one) => one.key === move.key)?.needs_approval;

  const send = async () => {
    setBusy(true);
    setReasons([]);
    try {
      const body = {
        move: move.key,
        duty: duty?.no ?? move.duty ?? undefined,
        form: filled(form, filling.values, context),
        files: usesOf(filling.proofs),
      };
      await post(`/cases/${about.id}/moves`, body, filling.key);
      void message.success(needsApproval ? t("move.asked", { name: move.name }) : t("move.done", { name: move.name }));
      close();
      await refresh(about.id);
    } catch (error) {
      if (error instanceof Problem && error.reasons.length > 0) setReasons(error.reasons);
      else void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      width={640}
      title={duty ? `${move.name} · ${duty.name}` : move.name}
      onCancel={close}
      onOk={() => void send()}
      okText={needsApproval ? t("move.ask") : move.name}
      cancelText={t("cancel")}
      okButtonProps={{ loading: busy, disabled: sending, size: "large" }}
      cancelButtonProps={{ size: "large" }}
    >
      <FormView form={form} kind={kind} filling={filling} context={context} problems={problems} prove={move.prove} />
      {elsewhere.length > 0 && (
        <div role="alert">
          <Reasons reasons={elsewhere} />
        </div>
      )}
      {sending && <p className="soft small">{t("file.sending")}</p>}
      {needsApproval && <p className="soft small move-approval">{t("move.needs_approval")}</p>}
    </Modal>
  );
}
