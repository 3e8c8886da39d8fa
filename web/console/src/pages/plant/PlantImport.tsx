import { InboxOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal, Upload } from "antd";
import { useState } from "react";

import { sendWorkbook } from "../../api/files";
import { Problem } from "../../api/problem";
import type { PlantChange, Reason } from "../../api/types";
import { uuid7 } from "../../api/uuid";
import { failureText, Reasons } from "../../parts/states";
import { useWords } from "../../words/words";

/** The plant from a workbook: first what it would change, then the change. */
export function PlantImport({ close }: { close: () => void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [foreseen, setForeseen] = useState<PlantChange | null>(null);
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [busy, setBusy] = useState(false);

  const send = async (chosen: File, dryRun: boolean) => {
    setBusy(true);
    setReasons([]);
    try {
      const answer = await sendWorkbook<PlantChange>("/plant/import", chosen, { dry_run: dryRun ? "true" : undefined }, uuid7());
      setForeseen(answer);
      setReasons(answer.problems);
      if (!dryRun) {
        void message.success(t("plant.imported"));
        await client.invalidateQueries({ queryKey: ["plant"] });
        close();
      }
    } catch (error) {
      if (error instanceof Problem) setReasons(error.reasons);
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const ready = file && foreseen && reasons.length === 0;
  return (
    <Modal
      open
      width={620}
      title={t("plant.import")}
      onCancel={close}
      footer={
        <Button type="primary" size="large" disabled={!ready} loading={busy} onClick={() => file && void send(file, false)}>
          {t("plant.import_do")}
        </Button>
      }
    >
      <Upload.Dragger
        accept=".xlsx"
        showUploadList={false}
        disabled={busy}
        beforeUpload={(chosen) => {
          setFile(chosen);
          setForeseen(null);
          void send(chosen, true);
          return false;
        }}
      >
        <p className="wizard-icon">
          <InboxOutlined />
        </p>
        <p>{file?.name ?? t("plant.import_drop")}</p>
        <p className="soft small">{t("plant.import_text")}</p>
      </Upload.Dragger>
      {foreseen && (
        <p style={{ marginTop: 14 }}>
          {t("plant.foreseen", { rows: foreseen.rows, added: foreseen.added, changed: foreseen.changed, unchanged: foreseen.unchanged })}
        </p>
      )}
      <Reasons reasons={reasons} />
      {foreseen && <Reasons reasons={foreseen.notes} />}
    </Modal>
  );
}
