import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";

import { ask } from "../api/client";
import { failureText } from "../parts/states";
import { useWords } from "../words/words";

/** One's own password. */
export function MyAccount({ open, close }: { open: boolean; close: () => void }) {
  const { t, language } = useWords();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [form] = Form.useForm<{ password: string; current_password: string }>();

  const save = async (values: { password: string; current_password: string }) => {
    setBusy(true);
    try {
      await ask("PATCH", "/accounts/me", { body: { ...values, language } });
      void message.success(t("mine.saved"));
      form.resetFields();
      close();
    } catch (error) {
      void message.error(failureText(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open={open} onCancel={close} title={t("mine.title")} footer={null} destroyOnHidden>
      <Form form={form} layout="vertical" onFinish={(values) => void save(values)} requiredMark={false}>
        <Form.Item name="current_password" label={t("mine.current")} rules={[{ required: true, message: t("mine.current_needed") }]}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("mine.password")}
          extra={t("mine.password_hint")}
          rules={[{ required: true, min: 10, message: t("mine.password_hint") }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={busy} block size="large">
          {t("save")}
        </Button>
      </Form>
    </Modal>
  );
}
