import { InboxOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Drawer, Upload } from "antd";
import { useState } from "react";

import { sendArchive } from "../../api/files";
import { Problem } from "../../api/problem";
import type { Gate, PackCheck, PackVersion, Reason } from "../../api/types";
import { Guarded } from "../../parts/Guarded";
import { Bones, failureText, Reasons } from "../../parts/states";
import { useWords, type Translate } from "../../words/words";
import { Changes } from "./Changes";

/** A pack from an archive: what the checker says, what would change, and then, once confirmed, publication. */
export function PublishPack({ close }: { close: () => void }) {
  const { t } = useWords();
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [checked, setChecked] = useState<PackCheck | null>(null);
  const [refused, setRefused] = useState<Reason[]>([]);
  const [busy, setBusy] = useState<"check" | "publish" | null>(null);

  const send = async <T,>(doing: "check" | "publish", path: string, chosen: File, done: (answer: T) => void | Promise<void>) => {
    setBusy(doing);
    setRefused([]);
    try {
      await done(await sendArchive<T>(path, chosen));
    } catch (error) {
      if (error instanceof Problem && error.reasons.length > 0) setRefused(error.reasons);
      else void message.error(failureText(error, t));
    } finally {
      setBusy(null);
    }
  };
  const check = (chosen: File) => {
    setFile(chosen);
    setChecked(null);
    void send<PackCheck>("check", "/packs/check", chosen, setChecked);
  };
  const publish = (chosen: File) =>
    send<PackVersion>("publish", "/packs", chosen, async (made) => {
      void message.success(t("packs.published", { title: made.title, version: made.version }));
      close();
      await Promise.all(["packs", "kinds"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    });
  const confirm = (chosen: File, about: PackCheck) =>
    modal.confirm({
      title: t("packs.publish_sure", { name: about.name ?? "", version: about.version ?? "" }),
      content: t("packs.publish_sure_text"),
      okText: t("packs.publish_do"),
      cancelText: t("cancel"),
      onOk: () => publish(chosen),
    });
  return (
    <Drawer
      open
      size={760}
      rootClassName="publish"
      title={t("packs.publish")}
      onClose={close}
      footer={
        <Guarded
          gate={gateOf(checked, refused, t)}
          type="primary"
          size="large"
          loading={busy === "publish"}
          onClick={() => file && checked && confirm(file, checked)}
        >
          {t("packs.publish_do")}
        </Guarded>
      }
    >
      <div className="stack">
        <Upload.Dragger
          accept=".zip"
          showUploadList={false}
          disabled={busy !== null}
          beforeUpload={(chosen) => {
            check(chosen);
            return false;
          }}
        >
          <p className="wizard-icon">
            <InboxOutlined />
          </p>
          <p>{file?.name ?? t("packs.drop")}</p>
          <p className="soft small">{t("packs.drop_text")}</p>
        </Upload.Dragger>
        {busy === "check" && <Bones heights={[60, 120]} />}
        {refused.length > 0 && (
          <section role="alert">
            <h3>{t("packs.refused")}</h3>
            <Reasons reasons={refused} />
          </section>
        )}
        {checked && <Checked checked={checked} />}
      </div>
    </Drawer>
  );
}

/** Why a pack cannot be published yet; only errors stand in the way, never what the plant still lacks. */
export function gateOf(checked: PackCheck | null, refused: Reason[], t: Translate): Gate {
  if (!checked) return { ok: false, why: t("packs.choose_first") };
  if (checked.problems.length > 0 || refused.length > 0) return { ok: false, why: t("packs.mend_first") };
  if (checked.changes?.files.length === 0) return { ok: false, why: t("packs.nothing_new") };
  return { ok: true, why: null };
}

function Checked({ checked }: { checked: PackCheck }) {
  const { t } = useWords();
  return (
    <>
      {checked.name && (
        <p className="row wrap">
          <b>{checked.name}</b>
          <span className="num soft">{t("packs.version", { version: checked.version ?? "" })}</span>
          <span className="grow" />
          <span className="soft">{checked.changes?.against ? t("packs.against", { version: checked.changes.against }) : t("packs.is_new")}</span>
        </p>
      )}
      <section data-testid="problems">
        <h3 className="row">
          {t("packs.problems")} <span className={`tag ${checked.problems.length > 0 ? "late" : "accent"}`}>{checked.problems.length || t("packs.none")}</span>
        </h3>
        <Reasons reasons={checked.problems} />
      </section>
      {checked.warnings.length > 0 && (
        <section data-testid="warnings">
          <h3 className="row">
            {t("packs.warnings")} <span className="tag">{checked.warnings.length}</span>
          </h3>
          <p className="small soft">{t("packs.warnings_text")}</p>
          <Reasons reasons={checked.warnings} />
        </section>
      )}
      {checked.changes && <Changes changes={checked.changes} />}
    </>
  );
}
