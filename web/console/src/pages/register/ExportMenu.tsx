import { DownloadOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { useState } from "react";

import { download } from "../../api/files";
import { useKinds } from "../../api/queries";
import { usePermission } from "../../api/session";
import { Guarded } from "../../parts/Guarded";
import { failureText } from "../../parts/states";
import { useWords } from "../../words/words";
import type { View } from "./view";

type Props = { query: View; kind: string | undefined };

/** What the filters find, as an Excel file: as it is shown, or in the columns that a rule asks for. */
export function ExportMenu({ query, kind }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const may = usePermission("cases.export");
  const { data } = useKinds();
  const [busy, setBusy] = useState(false);
  const kinds = (data?.items ?? []).filter((one) => kind === undefined || one.key === kind);
  const official = kinds.flatMap((one) => one.registers.map((register) => ({ kind: one.key, ...register })));
  const take = async (more: Record<string, string>, name: string) => {
    setBusy(true);
    try {
      await download("/cases/export.xlsx", { ...query, ...more }, `${name}.xlsx`);
    } catch (failed) {
      void message.error(failureText(failed, t));
    } finally {
      setBusy(false);
    }
  };
  if (!may) return <Guarded gate={{ ok: false, why: t("register.no_export") }} icon={<DownloadOutlined />}>{t("register.export")}</Guarded>;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          { key: "shown", label: t("register.export_shown"), onClick: () => void take({}, t("register.title")) },
          ...official.map((one) => ({
            key: `${one.kind}/${one.key}`,
            label: one.name,
            onClick: () => void take({ kind: one.kind, register: one.key }, one.name),
          })),
        ],
      }}
    >
      <Button icon={<DownloadOutlined />} loading={busy}>
        {t("register.export")}
      </Button>
    </Dropdown>
  );
}
