import { PlusOutlined } from "@ant-design/icons";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer, Form, Input, Select, Switch } from "antd";
import { useState } from "react";

import { ask, get } from "../../api/client";
import { useChoices } from "../../api/queries";
import type { AccountRow, Page } from "../../api/types";
import { Moment } from "../../parts/Clock";
import { Bones, Failure, failureText, PageHead } from "../../parts/states";
import { useWords, type WordKey } from "../../words/words";

export const ROLES = ["administrator", "safety_officer", "manager", "team_leader", "worker", "auditor", "machine"] as const;

/** Who may sign in, and as what. */
export default function Accounts() {
  const { t } = useWords();
  const [edited, setEdited] = useState<AccountRow | "new" | null>(null);
  const { data: choices } = useChoices();
  const found = useInfiniteQuery({
    queryKey: ["accounts"],
    queryFn: ({ pageParam, signal }) => get<Page<AccountRow>>("/accounts", { limit: 100, after: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const nameOf = (id: string | null) => choices?.people.find((one) => one.id === id)?.name ?? id;
  return (
    <div className="page">
      <PageHead
        title={t("accounts.title")}
        actions={
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
            {t("accounts.add")}
          </Button>
        }
      >
        {t("accounts.text")}
      </PageHead>
      {found.isPending ? (
        <Bones heights={[52, 52, 52, 52]} />
      ) : found.error ? (
        <Failure error={found.error} again={() => void found.refetch()} />
      ) : (
        <ul className="card accounts">
          {rows.map((row) => (
            <li key={row.id}>
              <button type="button" className="bare row wrap" style={{ width: "100%", minHeight: 48 }} onClick={() => setEdited(row)}>
                <b className="num" style={{ minWidth: 130 }}>
                  {row.login}
                </b>
                <span className="grow">{nameOf(row.person)}</span>
                {row.roles.map((role) => (
                  <span key={role} className="tag">
                    {roleWord(role, t)}
                  </span>
                ))}
                {row.disabled_at && <span className="tag late">{t("accounts.disabled")}</span>}
                {row.locked_until && (
                  <span className="tag late">
                    {t("accounts.locked")} <Moment at={row.locked_until} />
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button block style={{ marginTop: 12 }} onClick={() => void found.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {edited && <AccountDrawer row={edited === "new" ? null : edited} close={() => setEdited(null)} />}
    </div>
  );
}

function roleWord(role: string, t: ReturnType<typeof useWords>["t"]): string {
  const known = ROLES.find((one) => one === role);
  return known ? t(`role.${known}` satisfies WordKey) : role;
}

type Filled = { login: string; password?: string; roles: string[]; person?: string | null; disabled?: boolean };

function AccountDrawer({ row, close }: { row: AccountRow | null; close: () => void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const client = useQueryClient();
  const { data: choices } = useChoices();
  const [busy, setBusy] = useState(false);
  const save = async ({ login, password, roles, person, disabled }: Filled) => {
    setBusy(true);
    try {
      const common = { roles, person: person ?? null, ...(password ? { password } : {}) };
      await (row
        ? ask("PATCH", `/accounts/${row.id}`, { body: { ...common, disabled: disabled ?? false } })
        : ask("POST", "/accounts", { body: { login, ...common } }));
      await client.invalidateQueries({ queryKey: ["accounts"] });
      void message.success(t("accounts.saved"));
      close();
    } catch (error) {
      void message.error(failureText(error, t), 6);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer open size={460} onClose={close} title={row?.login ?? t("accounts.add")}>
      <Form<Filled>
        layout="vertical"
        requiredMark={false}
        initialValues={{ login: row?.login ?? "", roles: row?.roles ?? ["worker"], person: row?.person ?? undefined, disabled: row?.disabled_at !== null && row !== null }}
        onFinish={(values) => void save(values)}
      >
        {!row && (
          <Form.Item name="login" label={t("accounts.login")} rules={[{ required: true, message: t("accounts.login_needed") }]}>
            <Input autoComplete="off" maxLength={64} />
          </Form.Item>
        )}
        <Form.Item name="person" label={t("accounts.person")}>
          <Select allowClear showSearch={{ optionFilterProp: "label" }} options={choices?.people.map((one) => ({ value: one.id, label: `${one.name} · ${one.number}` }))} />
        </Form.Item>
        <Form.Item name="roles" label={t("accounts.roles")} rules={[{ required: true, message: t("accounts.roles_needed") }]}>
          <Select mode="multiple" options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))} />
        </Form.Item>
        <Form.Item name="password" label={row ? t("accounts.new_password") : t("door.password")} extra={t("mine.password_hint")}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        {row && (
          <Form.Item name="disabled" label={t("accounts.disabled")} valuePropName="checked">
            <Switch />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" size="large" block loading={busy}>
          {t("save")}
        </Button>
      </Form>
    </Drawer>
  );
}
