import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Popconfirm } from "antd";
import { useMemo, useState } from "react";

import { ask } from "../../api/client";
import { byField, Problem } from "../../api/problem";
import type { PlantItem, Reason, Schema, Values } from "../../api/types";
import { Guarded } from "../../parts/Guarded";
import { failureText, Reasons } from "../../parts/states";
import { useWords } from "../../words/words";
import { emptyBody, nameOf } from "./items";
import type { ItemKind } from "./Plant";
import { SchemaFields } from "./SchemaFields";

type Props = { kind: ItemKind; item: PlantItem | null; schema: Schema; mayEdit: boolean; close: () => void };

/** One item, edited by its schema. */
export function ItemDrawer({ kind, item, schema, mayEdit, close }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [body, setBody] = useState<Values>(() => item?.body ?? emptyBody(schema));
  const [reasons, setReasons] = useState<Reason[]>([]);
  const [busy, setBusy] = useState(false);
  const problems = useMemo(() => byField(reasons), [reasons]);
  const id = item?.id ?? (typeof body.id === "string" ? body.id : "");

  const send = async (method: "PUT" | "DELETE") => {
    setBusy(true);
    setReasons([]);
    try {
      await ask(method, `/plant/${kind}/${encodeURIComponent(id)}`, {
        body: method === "PUT" ? { ...body, id } : undefined,
        ifMatch: item?.version ?? 0,
      });
      void message.success(method === "PUT" ? t("plant.saved") : t("plant.removed"));
      await client.invalidateQueries({ queryKey: ["plant"] });
      close();
    } catch (error) {
      if (error instanceof Problem && error.reasons.length > 0) setReasons(error.reasons);
      else void message.error(error instanceof Problem && error.status === 412 ? t("plant.stale") : failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  const gate = mayEdit ? { ok: id !== "", why: t("plant.id_needed") } : { ok: false, why: t("plant.no_edit") };
  return (
    <Drawer
      open
      size={560}
      onClose={close}
      title={item ? nameOf(item) : t("plant.add_to", { kind: t(`plant.${kind}`) })}
      footer={
        <div className="row">
          {item && mayEdit && (
            <Popconfirm title={t("plant.remove_sure")} okText={t("plant.remove")} cancelText={t("cancel")} onConfirm={() => void send("DELETE")}>
              <Button danger type="text" size="large">
                {t("plant.remove")}
              </Button>
            </Popconfirm>
          )}
          <span className="grow" />
          <Guarded gate={gate} type="primary" size="large" loading={busy} onClick={() => void send("PUT")}>
            {t("save")}
          </Guarded>
        </div>
      }
    >
      <SchemaFields schema={schema} body={body} change={setBody} fixed={item ? ["id"] : []} problems={problems} />
      <Reasons reasons={reasons.filter((reason) => !schema.properties?.[reason.field.split("/")[1] ?? ""])} />
    </Drawer>
  );
}
