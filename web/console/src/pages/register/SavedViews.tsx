import { BookOutlined, DeleteOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown, Input, Modal } from "antd";
import { useState } from "react";

import { ask } from "../../api/client";
import { useViews } from "../../api/queries";
import { useSession } from "../../api/session";
import type { SavedView } from "../../api/types";
import { uuid7 } from "../../api/uuid";
import { failureText } from "../../parts/states";
import { isoDay } from "../../time/format";
import { useWords } from "../../words/words";
import { readView, writeView, type View } from "./view";

type Props = { view: View; choose: (view: View) => void };

/** Views that everybody needs, and one's own. */
export function SavedViews({ view, choose }: Props) {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const zone = useSession().tenant.time_zone;
  const { data } = useViews();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const month = `${isoDay(Date.now(), zone).slice(0, 8)}01`;

  const usual: [string, View][] = [
    [t("view.overdue"), { status: "open", overdue: "true", sort: "due_at" }],
    [t("view.mine"), { status: "open", mine: "true", sort: "due_at" }],
    [t("view.closed_month"), { status: "closed", from: month, sort: "-opened_at" }],
    [t("view.imported"), { status: "all", imported: "true", sort: "-opened_at" }],
  ];
  const change = async (method: string, path: string, body?: unknown) => {
    try {
      await ask(method, path, { body });
      await client.invalidateQueries({ queryKey: ["views"] });
      setNaming(false);
      setName("");
    } catch (error) {
      void message.error(failureText(error, t));
    }
  };
  const own = data?.items ?? [];
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { type: "group", label: t("view.usual"), children: usual.map(([label, to]) => ({ key: label, label, onClick: () => choose(to) })) },
            ...(own.length > 0 ? [{ type: "group" as const, label: t("view.own"), children: own.map((one) => ownItem(one, choose, () => void change("DELETE", `/views/${one.id}`), t("view.delete", { name: one.name }))) }] : []),
            { type: "divider" },
            { key: "save", label: t("view.save"), onClick: () => setNaming(true) },
          ],
        }}
      >
        <Button icon={<BookOutlined />}>{t("view.title")}</Button>
      </Dropdown>
      <Modal
        open={naming}
        title={t("view.save")}
        okText={t("save")}
        cancelText={t("cancel")}
        onCancel={() => setNaming(false)}
        okButtonProps={{ disabled: name.trim() === "" }}
        onOk={() => void change("PUT", `/views/${uuid7()}`, { name: name.trim(), query: writeView(view).toString() })}
      >
        <Input aria-label={t("view.name")} placeholder={t("view.name")} value={name} maxLength={60} onChange={(event) => setName(event.target.value)} />
      </Modal>
    </>
  );
}

function ownItem(one: SavedView, choose: (view: View) => void, drop: () => void, dropWord: string) {
  return {
    key: one.id,
    label: one.name,
    onClick: () => choose(readView(new URLSearchParams(one.query))),
    extra: (
      <button
        type="button"
        className="bare"
        aria-label={dropWord}
        onClick={(event) => {
          event.stopPropagation();
          drop();
        }}
      >
        <DeleteOutlined />
      </button>
    ),
  };
}
