import { InboxOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Select, Steps, Upload } from "antd";
import { useState } from "react";

import { ask, get } from "../../api/client";
import { download, sendWorkbook } from "../../api/files";
import { useKinds } from "../../api/queries";
import type { ImportDone, ImportLayout, ImportPreview, ImportRun, Kind, Page } from "../../api/types";
import { uuid7 } from "../../api/uuid";
import { Moment } from "../../parts/Clock";
import { Bones, failureText, PageHead } from "../../parts/states";
import { useWords } from "../../words/words";
import { Arrived } from "./Arrived";
import "./imports.css";
import { Preview } from "./Preview";

/** A register is taken over: choose the file, look at how it was read, mend that, take it in. */
export default function Imports() {
  const { t } = useWords();
  const { data } = useKinds();
  const kinds = data?.items.filter((one) => one.raised_by.includes("import")) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const kind = kinds.find((one) => one.key === chosen) ?? kinds[0];
  return (
    <div className="page">
      <PageHead
        title={t("imports.title")}
        actions={
          kinds.length > 1 && (
            <Select aria-label={t("register.kind")} value={kind?.key} onChange={setChosen} options={kinds.map((one) => ({ value: one.key, label: one.name }))} style={{ minWidth: 160 }} />
          )
        }
      >
        {t("imports.text")}
      </PageHead>
      {kind && <Wizard key={kind.key} kind={kind} />}
      <Runs />
    </div>
  );
}

function Wizard({ kind }: { kind: Kind }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [done, setDone] = useState<ImportDone | null>(null);
  const [busy, setBusy] = useState(false);
  const during = async (act: () => Promise<void>) => {
    setBusy(true);
    try {
      await act();
    } catch (error) {
      void message.error(failureText(error, t), 8);
    } finally {
      setBusy(false);
    }
  };
  const send = (file: File) =>
    during(async () => setPreview(await sendWorkbook<ImportPreview>("/imports", file, { kind: kind.key }, uuid7())));
  const lay = (layout: ImportLayout) =>
    during(async () => setPreview(await ask<ImportPreview>("PUT", `/imports/${preview?.id ?? ""}/layout`, { body: { layout } })));
  const commit = () =>
    during(async () => {
      setDone(await commitToTheEnd(preview?.id ?? ""));
      await Promise.all(["imports", "cases", "tasks"].map((key) => client.invalidateQueries({ queryKey: [key] })));
    });
  const rejects = () => during(() => download(`/imports/${preview?.id ?? ""}/rejects.xlsx`, {}, "rejects.xlsx"));
  const again = () => {
    setPreview(null);
    setDone(null);
  };
  const step = done ? 2 : preview ? 1 : 0;
  return (
    <section className="card wizard">
      <Steps
        current={step}
        size="small"
        responsive={false}
        items={[{ title: t("imports.choose") }, { title: t("imports.look") }, { title: t("imports.taken") }]}
      />
      {step === 0 && (
        <Upload.Dragger
          accept=".xlsx"
          showUploadList={false}
          disabled={busy}
          beforeUpload={(file) => {
            void send(file);
            return false;
          }}
        >
          <p className="wizard-icon">
            <InboxOutlined />
          </p>
          <p className="wizard-drop">{busy ? t("imports.reading") : t("imports.drop")}</p>
          <p className="soft">{t("imports.drop_text", { kind: kind.name })}</p>
        </Upload.Dragger>
      )}
      {step === 1 && preview && <Preview preview={preview} kind={kind} busy={busy} lay={lay} commit={commit} rejects={rejects} again={again} />}
      {step === 2 && done && <Arrived done={done} kind={kind} rejects={rejects} again={again} />}
    </section>
  );
}

/** Takes the file in; a large one goes on after the answer, and its progress is asked for until it is done. */
async function commitToTheEnd(id: string): Promise<ImportDone> {
  let done = await ask<ImportDone>("POST", `/imports/${id}/commit`);
  while (done.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    done = await get<ImportDone>(`/imports/${id}/progress`);
  }
  return done;
}

function Runs() {
  const { t } = useWords();
  const { data, isPending } = useQuery({ queryKey: ["imports"], queryFn: ({ signal }) => get<Page<ImportRun>>("/imports", {}, signal) });
  if (isPending) return <Bones heights={[48, 48]} />;
  const runs = data?.items.filter((run) => run.committed_at) ?? [];
  if (runs.length === 0) return null;
  return (
    <section className="runs">
      <h2 className="section-title">{t("imports.earlier")}</h2>
      <ul className="card">
        {runs.map((run) => (
          <li key={run.id} className="row wrap">
            <b className="grow runs-name">{run.file_name}</b>
            {run.counts && (
              <span className="num soft">{t("imports.counts", { accepted: run.counts.accepted, rejected: run.counts.rejected, duplicates: run.counts.duplicates })}</span>
            )}
            {run.by && <span>{run.by.name}</span>}
            <span className="soft">
              <Moment at={run.committed_at ?? run.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
