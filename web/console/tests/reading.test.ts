import { describe, expect, it } from "vitest";

import type { Schema } from "../src/api/types";
import { alarmOf, choicesOf, fieldsOf, filled, hintOf, holds, isShown, isUntouched, labelOf, minimumFields, requiredNow, sectionsOf } from "../src/form/reading";
import { withSlots } from "../src/pages/case/MyDuty";

const FORM = {
  type: "object",
  required: ["what"],
  "x-intake": { anyOf: [{ required: ["what"] }, { required: ["urgent"] }] },
  "x-proofs": { before: { "x-widget": "photos", "x-order": 25, minItems: 1, "x-section": "one" } },
  properties: {
    level: { type: "string", enum: ["high", "low"], "x-widget": "choice", "x-order": 30, "x-section": "two", "x-values": "level_words" },
    urgent: { type: "boolean", "x-widget": "boolean", "x-order": 10, "x-section": "one", default: false },
    what: { type: "string", "x-widget": "longtext", "x-order": 20, "x-section": "one", "x-hint": "hint.what" },
    why: { type: "string", "x-widget": "text", "x-order": 40, "x-section": "two", "x-shown-when": { level: ["high"] } },
    mend: { type: "string", "x-widget": "text", "x-order": 50, "x-section": "two", "x-shown-when": { outcome: ["fail"] } },
    again: { type: "string", "x-widget": "text", "x-order": 60, "x-section": "two", "x-shown-when": { "case.round": [2] } },
    total: { type: "string", "x-widget": "computed", "x-order": 70, "x-section": "two" },
    points: { type: "array", "x-widget": "readings", "x-order": 80, items: { type: "object", properties: { point: { type: "string" }, value: { type: "number" } } } },
  },
  allOf: [
    { if: { properties: { level: { const: "high" } }, required: ["level"] }, then: { required: ["why"] } },
    { if: { properties: { case: { properties: { round: { minimum: 2 } }, required: ["round"] } }, required: ["case"] }, then: { required: ["again"] } },
  ],
} as unknown as Schema;

const KIND = { words: { "field.what": "What", "hint.what": "Say what you saw", "level_words.high": "High" } };
const named = (name: string) => fieldsOf(FORM).find((one) => one.name === name)!;

describe("a form's fields", () => {
  it("stand in their order, evidence among them", () => {
    expect(fieldsOf(FORM).map((one) => one.name)).toEqual(["urgent", "what", "before", "level", "why", "mend", "again", "total", "points"]);
    expect(sectionsOf(fieldsOf(FORM)).map((one) => one.section)).toEqual(["one", "two", ""]);
    expect(named("before").proof).toBe(true);
  });

  it("are called by the pack's words, else by their key", () => {
    expect(labelOf(KIND, named("what"))).toBe("What");
    expect(labelOf(KIND, named("why"))).toBe("why");
    expect(hintOf(KIND, named("what"))).toBe("Say what you saw");
    expect(choicesOf(KIND, named("level"))).toEqual([
      { value: "high", label: "High" },
      { value: "low", label: "low" },
    ]);
  });

  it("are shown by what is filled in, the outcome, and the case", () => {
    expect(isShown(named("why"), { level: "low" }, {})).toBe(false);
    expect(isShown(named("why"), { level: "high" }, {})).toBe(true);
    expect(isShown(named("mend"), {}, { outcome: "fail" })).toBe(true);
    expect(isShown(named("again"), {}, { case: { round: 2 } })).toBe(true);
    expect(isShown(named("again"), {}, { case: { round: 1 } })).toBe(false);
  });

  it("are asked for as things stand", () => {
    expect(requiredNow(FORM, {}, {})).toEqual(new Set(["what", "before"]));
    expect(requiredNow(FORM, { level: "high" }, { case: { round: 3 } })).toEqual(new Set(["what", "before", "why", "again"]));
  });
});

describe("what is sent", () => {
  it("holds nothing empty, hidden, computed or only shown", () => {
    const values = { what: "", urgent: false, level: "low", why: "stale", total: "x", points: [{ point: "p", value: 0, unit: "bar", name: "P" }] };
    expect(filled(FORM, values, {})).toEqual({ urgent: false, level: "low", points: [{ point: "p", value: 0 }] });
  });

  it("is told apart from an untouched form", () => {
    expect(isUntouched(FORM, { urgent: false })).toBe(true);
    expect(isUntouched(FORM, { urgent: true })).toBe(false);
  });
});

describe("a report", () => {
  it("knows its least, and its call for help", () => {
    expect(minimumFields(FORM)).toEqual(new Set(["what", "urgent"]));
    expect(alarmOf(FORM)?.name).toBe("urgent");
    expect(alarmOf({ ...FORM, properties: { what: FORM.properties!.what! } })).toBeUndefined();
  });
});

describe("conditions", () => {
  it("hold as JSON Schema says, as far as forms use it", () => {
    expect(holds({ const: "a" }, "a")).toBe(true);
    expect(holds({ enum: [1, 2] }, 3)).toBe(false);
    expect(holds({ type: "integer", minimum: 1 }, 0)).toBe(false);
    expect(holds({ anyOf: [{ required: ["a"] }, { required: ["b"] }] }, { b: 1 })).toBe(true);
    expect(holds({ not: { required: ["a"] } }, { a: 1 })).toBe(false);
    expect(holds({ properties: { a: { const: 1 } } }, {})).toBe(true);
  });
});

describe("a duty's proof", () => {
  it("has a slot also where the form names none", () => {
    const form = withSlots(FORM, ["before", "signature", "own"]);
    expect(Object.keys(form["x-proofs"] ?? {})).toEqual(["before", "signature", "own"]);
    expect(form["x-proofs"]?.signature?.["x-widget"]).toBe("signature");
    expect(withSlots(FORM, ["before"])).toBe(FORM);
  });
});
