import { App as AntApp, ConfigProvider, theme as antTheme, type ThemeConfig } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import { useWords } from "../words/words";
import { nonce } from "./nonce";

export type Tone = "light" | "dark";
export type TonePick = Tone | "system";

const KEPT = "anhuan.tone";
const Context = createContext<{ pick: TonePick; choose: (pick: TonePick) => void } | null>(null);

const COLOURS: Record<Tone, Record<"accent" | "late" | "ink" | "paper" | "surface" | "line" | "soft", string>> = {
  light: { accent: "#0c6b5c", late: "#9a1550", ink: "#16211d", paper: "#f5f5f1", surface: "#ffffff", line: "#d5d6ce", soft: "#626c67" },
  dark: { accent: "#45b79e", late: "#f08ab4", ink: "#e9eeeb", paper: "#111614", surface: "#1a211e", line: "#3a4541", soft: "#96a29c" },
};

function themeFor(tone: Tone): ThemeConfig {
  const colour = COLOURS[tone];
  return {
    algorithm: tone === "dark" ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      colorPrimary: colour.accent,
      colorInfo: colour.accent,
      colorSuccess: colour.accent,
      colorWarning: tone === "dark" ? "#c9b184" : "#73572a",
      colorError: colour.late,
      colorLink: colour.accent,
      colorTextBase: colour.ink,
      colorBgBase: colour.surface,
      colorBgContainer: colour.surface,
      colorBgElevated: tone === "dark" ? "#222b27" : "#ffffff",
      colorBgLayout: colour.paper,
      colorBorder: colour.line,
      colorTextPlaceholder: colour.soft,
      colorTextDescription: colour.soft,
      fontFamily: "var(--sans)",
      fontSize: 14,
      borderRadius: 9,
      borderRadiusLG: 12,
      controlHeight: 36,
      controlHeightLG: 46,
      controlHeightSM: 28,
      wireframe: false,
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none", fontWeight: 550, ...(tone === "dark" ? { primaryColor: "#06211b" } : {}) },
      Tabs: { titleFontSize: 15 },
      Segmented: { trackBg: "var(--sunken)" },
    },
  };
}

function systemTone(): Tone {
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const { language } = useWords();
  const [pick, setPick] = useState<TonePick>(() => (localStorage.getItem(KEPT) as TonePick | null) ?? "light");
  const [system, setSystem] = useState<Tone>(systemTone);
  const tone = pick === "system" ? system : pick;

  useEffect(() => {
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setSystem(systemTone());
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  useEffect(() => {
    document.documentElement.dataset.tone = tone;
    localStorage.setItem(KEPT, pick);
  }, [tone, pick]);
  dayjs.locale(language === "zh" ? "zh-cn" : "en");

  const config = useMemo(() => themeFor(tone), [tone]);
  const value = useMemo(() => ({ pick, choose: setPick }), [pick]);
  return (
    <Context value={value}>
      <ConfigProvider csp={nonce ? { nonce } : {}} theme={config} locale={language === "zh" ? zhCN : enGB} button={{ autoInsertSpace: false }}>
        <AntApp component={false}>{children}</AntApp>
      </ConfigProvider>
    </Context>
  );
}

export function useTone() {
  const found = use(Context);
  if (!found) throw new Error("ThemeProvider is missing");
  return found;
}
