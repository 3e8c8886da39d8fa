/** A kind made from a pack's own files, as the server would answer it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Computed, DutyKind, Kind, Schema, StageKind } from "../src/api/types";

const PACK = resolve(import.meta.dirname, "../../../packs/finding");

export function words(language: string): Record<string, string> {
  const text = readFileSync(join(PACK, "words", `${language}.yaml`), "utf8");
  const pairs = [...text.matchAll(/^([^#\s][^\n]*?): "?(.*?)"?$/gm)].map((found) => [found[1]!, found[2]!]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

function json(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(PACK, ...path), "utf8"));
}

export function forms(): Record<string, Schema> {
  const names = readdirSync(join(PACK, "forms")).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(names.map((name) => [name.replace(".json", ""), json("forms", name) as Schema]));
}

type RawComputed = {
  field: string;
  from: string;
  values: string[];
  methods: Record<string, { factors: Record<string, number[]>; bands: { id: string; value: string }[]; only_import?: boolean }>;
};

export function computed(word: Record<string, string>): Computed[] {
  const raw = json("computed", "risk_level.json") as RawComputed;
  const methods = Object.entries(raw.methods).map(([key, method]) => ({
    key,
    name: word[`risk.${key}`] ?? key,
    only_import: method.only_import,
    bands: method.bands,
    factors: Object.entries(method.factors).map(([factor, ratings]) => ({
      key: factor,
      name: word[`risk.${key}.${factor}`] ?? factor,
      ratings: ratings.map((value) => ({ value, text: word[`risk.${key}.${factor}.${value}`] ?? null })),
    })),
  }));
  return [{ key: "risk_level", field: raw.field, from: raw.from, values: raw.values, methods }];
}

export function kind(language: string): Kind {
  const word = words(language);
  const all = forms();
  const zh = language === "zh";
  const duty = (key: string, deed: string, form: string, more: Partial<DutyKind> = {}): DutyKind => ({
    key,
    name: word[`duty.finding.${key}`] ?? key,
    deed,
    form,
    blind: false,
    within_text: "",
    assist_form: null,
    prove: [],
    outcomes: [{ key: "done", name: zh ? "完成" : "Done" }],
    ...more,
  });
  const stage = (key: string, then: Record<string, string>, duties: DutyKind[]): StageKind => ({ key, name: word[`stage.finding.${key}`] ?? key, then, duties, sometimes: false });
  const verdicts = [
    { key: "pass", name: zh ? "通过" : "Pass" },
    { key: "fail", name: zh ? "不通过" : "Fail" },
    { key: "decline", name: zh ? "回避" : "Decline" },
  ];
  return {
    key: "finding",
    version: "1.0",
    name: word["kind.finding"] ?? (zh ? "隐患" : "Finding"),
    description: word["kind.finding.description"] ?? "",
    pack: "finding",
    form_key: "report",
    number_prefix: "YH",
    raised_by: ["report", "import"],
    libraries: [],
    registers: [],
    usual_stage: "rectify",
    form: all.report!,
    forms: all,
    subject: { area: "area", equipment: "equipment", category: "category" },
    stages: [
      stage("contain", { done: "intake" }, [duty("contain", "acknowledge", "contain")]),
      stage("triage", { done: "intake" }, [duty("complete", "acknowledge", "receipt")]),
      stage("rectify", { done: "verify" }, [duty("receipt", "acknowledge", "receipt"), duty("rectify", "perform", "rectify", { prove: ["photo_before", "photo_after", "signature"] })]),
      stage("verify", { pass: "close:verified", fail: "rectify" }, [duty("desk", "verify", "verify", { blind: true, outcomes: verdicts }), duty("site", "verify", "recheck", { outcomes: verdicts, prove: ["own_photo"] })]),
    ],
    moves: [],
    outcomes: [],
    words: word,
    columns: [],
    computed: computed(word),
  };
}
