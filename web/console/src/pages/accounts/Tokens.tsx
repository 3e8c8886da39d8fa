import { PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal, Popconfirm, Typography } from "antd";
import { useState } from "react";

import { ask, get, post } from "../../api/client";
import type { NewToken, Page, Token } from "../../api/types";
import { Ago, Moment } from "../../parts/Clock";
import { Bones, Empty, Failure, failureText, PageHead } from "../../parts/states";
import { useWords } from "../../words/words";

/** Keys for machines and scripts; each secret is shown once. */
export default function Tokens() {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["tokens"], queryFn: ({ signal }) => get<Page<Token>>("/tokens", {}, signal) });
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const [made, setMade] = useState<NewToken | null>(null);
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act();
      await client.invalidateQueries({ queryKey: ["tokens"] });
    } catch (error) {
      void message.error(failureText(error, t));
    }
  };
  const make = () =>
    attempt(async () => {
      setMade(await post<NewToken>("/tokens", { name: name.trim() }));
      setNaming(false);
      setName("");
    });
  return (
    <div className="page">
      <PageHead
        title={t("tokens.title")}
        actions={
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setNaming(true)}>
            {t("tokens.add")}
          </Button>
        }
      >
        {t("tokens.text")}
      </PageHead>
      {found.isPending ? (
        <Bones heights={[52, 52]} />
      ) : found.error ? (
        <Failure error={found.error} again={() => void found.refetch()} />
      ) : found.data.items.length === 0 ? (
        <Empty title={t("tokens.empty")}>{t("tokens.empty_text")}</Empty>
      ) : (
        <ul className="card decided">
          {found.data.items.map((token) => (
            <li key={token.id} className="row wrap">
              <b className="grow">{token.name}</b>
              <span className="soft small">
                <Moment at={token.created_at} />
              </span>
              <span className="soft small">{token.last_used_at ? <>{t("tokens.used")} <Ago at={token.last_used_at} /></> : t("tokens.unused")}</span>
              <Popconfirm title={t("tokens.revoke_sure")} okText={t("tokens.revoke")} cancelText={t("cancel")} onConfirm={() => void attempt(() => ask("DELETE", `/tokens/${token.id}`))}>
                <Button danger size="small">
                  {t("tokens.revoke")}
                </Button>
              </Popconfirm>
            </li>
          ))}
        </ul>
      )}
      <Modal open={naming} title={t("tokens.add")} okText={t("tokens.make")} cancelText={t("cancel")} okButtonProps={{ disabled: name.trim() === "" }} onCancel={() => setNaming(false)} onOk={() => void make()}>
        <Input aria-label={t("tokens.name")} placeholder={t("tokens.name")} maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </Modal>
      <Modal open={made !== null} title={t("tokens.made")} footer={null} onCancel={() => setMade(null)}>
        <p>{t("tokens.once")}</p>
        <Typography.Paragraph copyable code>
          {made?.token ?? ""}
        </Typography.Paragraph>
      </Modal>
    </div>
  );
}
