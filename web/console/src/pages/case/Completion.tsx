import { EditOutlined } from "@ant-design/icons";
import { App, Drawer } from "antd";
import { useMemo, useState } from "react";

import { ask } from "../../api/client";
import { byField, Problem } from "../../api/problem";
import { useRefresh } from "../../api/queries";
import type { Case, Kind, Reason } from "../../api/types";
import { useFilling } from "../../form/draft";
import { FormView } from "../../form/FormView";
import { isSending, usesOf } from "../../form/proofs";
import { filled } from "../../form/reading";
import { useStanding } from "../../form/standing";
import { Guarded } from "../../parts/Guarded";
import { failureText, Reasons } from "../../parts/states";
import { useWords } from "../../words/words";
import { useCheck } from "../report/useCheck";

/** A report that lacks something says what, and lets it be completed; a complete one can be corrected. */
export function Completion({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const lacking = about.incomplete ?? [];
  if (lacking.length === 0 && !about.may.revise.ok) return null;
  return (
    <>
      {lacking.length > 0 ? (
        <section className="card my-duty" data-testid="completion">
          <h2>{t("complete.title")}</h2>
          <Reasons reasons={lacking} />
          <Guarded gate={about.may.revise} type="primary" size="large" icon={<EditOutlined />} onClick={() => setOpen(true)}>
            {t("complete.do")}
          </Guarded>
        </section>
      ) : (
        <p className="revise">
          <Guarded gate={about.may.revise} type="text" icon={<EditOutlined />} onClick={() => setOpen(true)}>
            {t("complete.revise")}
          </Guarded>
        </p>
      )}
      {open && <ReviseDrawer about={about} kind={kind} close={() => setOpen(false)} />}
    </>
  );
}

function ReviseDrawer({ about, kind, close }: { about: Case; kind: Kind; close: () => void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const filling = useFilling(kind.form, null, about.form);
  const [busy, setBusy] = useState(false);
  const [said, setRefused] = useState<Reason[]>([]);
  const refused = useStanding(said, kind.form, filling);
  const values = useMemo(() => filled(kind.form, filling.values, {}), [kind.form, filling.values]);
  const checked = useCheck(kind.key, values);
  const problems = useMemo(() => byField([...(checked?.intake ?? []), ...(checked?.dispatch ?? []), ...refused]), [checked, refused]);

  const send = async () => {
    setBusy(true);
    try {
      await ask("POST", `/cases/${about.id}/form`, {
        body: { form: values, files: usesOf(filling.proofs) },
        idempotencyKey: filling.key,
        ifMatch: about.version,
      });
      void message.success(t("complete.done"));
      close();
      await refresh(about.id);
    } catch (error) {
      if (error instanceof Problem) setRefused(error.reasons);
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer
      open
      size={720}
      onClose={close}
      title={t("complete.title_drawer", { number: about.number })}
      footer={
        <Guarded gate={{ ok: !isSending(filling.proofs), why: t("file.sending") }} type="primary" size="large" block loading={busy} onClick={() => void send()}>
          {t("complete.save")}
        </Guarded>
      }
    >
      <FormView form={kind.form} kind={kind} filling={filling} computed={checked?.computed} problems={problems} />
    </Drawer>
  );
}
