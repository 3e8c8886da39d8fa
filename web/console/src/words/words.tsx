import { createContext, use, useCallback, useEffect, useMemo, useState, type ReactNode } from "react";

import { setLanguage } from "../api/client";
import type { Language } from "../time/clock";
import { en } from "./en";
import { zh } from "./zh";

export type WordKey = keyof typeof zh;
type Params = Record<string, string | number>;
export type Translate = (key: WordKey, params?: Params) => string;

const DICTIONARIES: Record<Language, Record<WordKey, string>> = { zh, en };
const KEPT = "anhuan.language";

type Speaking = { t: Translate; language: Language; speak: (language: Language) => void };
const Context = createContext<Speaking | null>(null);

export function translate(language: Language, key: WordKey, params: Params = {}): string {
  return DICTIONARIES[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

export function WordsProvider({ children, initial }: { children: ReactNode; initial?: Language }) {
  const [language, setCurrent] = useState<Language>(initial ?? remembered);
  // Before children render and ask the server for anything.
  setLanguage(language);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    localStorage.setItem(KEPT, language);
  }, [language]);
  const t = useCallback<Translate>((key, params) => translate(language, key, params), [language]);
  const value = useMemo(() => ({ t, language, speak: setCurrent }), [t, language]);
  return <Context value={value}>{children}</Context>;
}

export function useWords(): Speaking {
  const found = use(Context);
  if (!found) throw new Error("WordsProvider is missing");
  return found;
}

function remembered(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}
