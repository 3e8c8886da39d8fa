import { Button, Form, Input } from "antd";
import { useState } from "react";

import { useSigning } from "../../api/session";
import { failureText } from "../../parts/states";
import { Mark } from "../../shell/Mark";
import { useWords } from "../../words/words";
import "./sign-in.css";

export default function SignIn() {
  const { t, language, speak } = useWords();
  const { signIn } = useSigning();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");

  const enter = async ({ login, password }: { login: string; password: string }) => {
    setBusy(true);
    setWrong("");
    try {
      await signIn(login.trim(), password);
    } catch (error) {
      setWrong(failureText(error, t));
      setBusy(false);
    }
  };
  return (
    <main className="door">
      <section className="door-story" aria-hidden>
        <Loop />
        <p className="door-saying">{t("door.saying")}</p>
        <p>{t("door.text")}</p>
      </section>
      <section className="door-form">
        <div className="row door-brand">
          <Mark />
          <b>{t("brand")}</b>
        </div>
        <h1>{t("door.title")}</h1>
        <Form layout="vertical" requiredMark={false} onFinish={(values: { login: string; password: string }) => void enter(values)}>
          <Form.Item name="login" label={t("door.login")} rules={[{ required: true, message: t("door.login_needed") }]}>
            <Input size="large" autoComplete="username" autoCapitalize="none" autoFocus />
          </Form.Item>
          <Form.Item name="password" label={t("door.password")} rules={[{ required: true, message: t("door.password_needed") }]}>
            <Input.Password size="large" autoComplete="current-password" />
          </Form.Item>
          {wrong && (
            <p className="door-wrong" role="alert">
              {wrong}
            </p>
          )}
          <Button type="primary" size="large" htmlType="submit" block loading={busy}>
            {t("door.enter")}
          </Button>
        </Form>
        <button type="button" className="language" lang={language === "zh" ? "en" : "zh-CN"} onClick={() => speak(language === "zh" ? "en" : "zh")}>
          {language === "zh" ? "English" : "中文"}
        </button>
      </section>
    </main>
  );
}

/** A case's way round, which closes only at a tick. */
function Loop() {
  const stops = [0, 72, 144, 216, 288];
  return (
    <svg viewBox="0 0 320 320" className="door-loop">
      <circle cx="160" cy="160" r="112" fill="none" stroke="rgb(255 255 255 / 16%)" strokeWidth="18" />
      <path d="M160 48a112 112 0 1 1-111.6 121" fill="none" stroke="#9fe3cf" strokeWidth="18" strokeLinecap="round" />
      {stops.map((angle) => (
        <circle
          key={angle}
          cx={160 + 112 * Math.sin((angle * Math.PI) / 180)}
          cy={160 - 112 * Math.cos((angle * Math.PI) / 180)}
          r="7"
          fill="#0a4f44"
        />
      ))}
      <path d="m120 164 28 28 56-62" fill="none" stroke="#fff" strokeWidth="18" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
