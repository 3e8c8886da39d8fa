import { describe, expect, it } from "vitest";

import type { Duty } from "../src/api/types";
import { drawingOf } from "../src/form/proofs/SignatureSlot";
import { keepable, NO_PROOFS, usesOf, withoutPiece, withPiece } from "../src/form/proofs";
import { areaTree } from "../src/form/widgets/PlantWidgets";
import { outOfLimits } from "../src/form/widgets/ReadingsWidget";
import { stepsOf } from "../src/pages/case/CaseHead";
import { letter } from "../src/pages/imports/Preview";
import { essence, kindsNamed } from "../src/pages/plant/items";
import { asQuery, narrowing, nextSort, readView, writeView } from "../src/pages/register/view";
import { kind } from "./shipped_pack";

describe("the register's view", () => {
  it("stands in the address, the usual left out", () => {
    const view = readView(new URLSearchParams("risk=red&q=门&page=9"));
    expect(view).toEqual({ status: "open", sort: "-opened_at", risk: "red", q: "门" });
    expect(writeView(view).toString()).toBe(new URLSearchParams({ risk: "red", q: "门" }).toString());
    expect(narrowing(view)).toBe(1);
  });

  it("sorts falling, rising, then as usual", () => {
    expect(nextSort("due_at", "-opened_at")).toBe("-due_at");
    expect(nextSort("due_at", "-due_at")).toBe("due_at");
    expect(nextSort("due_at", "due_at")).toBe("-opened_at");
  });
});

describe("the steps of a case", () => {
  const stages = kind("zh").stages;
  const step = (stage: string, visited: string[]) => stepsOf({ stage, duties: visited.map((one) => ({ stage: one })) as Duty[] }, { stages, usual_stage: "rectify" }).map((one) => one.key);

  it("leave out what most cases pass at once, until the case is there", () => {
    const more = [...stages, { ...stages.at(-1)!, key: "answer", then: { done: "close:verified" }, sometimes: true }];
    const linked = more.map((one) => (one.key === "verify" ? { ...one, then: { pass: "answer", fail: "rectify" } } : one));
    const keys = (stage: string) => stepsOf({ stage, duties: [] }, { stages: linked, usual_stage: "rectify" }).map((one) => one.key);
    expect(keys("rectify")).toEqual(["rectify", "verify"]);
    expect(keys("answer")).toEqual(["answer"]);
  });

  it("are those it went through and those ahead", () => {
    expect(step("rectify", ["rectify"])).toEqual(["rectify", "verify"]);
    expect(step("verify", ["rectify", "verify"])).toEqual(["rectify", "verify"]);
    expect(step("triage", ["triage"])).toEqual(["triage", "rectify", "verify"]);
    expect(step("", ["rectify", "verify"])).toEqual(["rectify", "verify"]);
  });
});

describe("a signature", () => {
  it("is strokes within its field, timed from the first touch", () => {
    const point = (x: number, y: number, time: number) => ({ x, y, time, pressure: 0 });
    const drawing = drawingOf([{ points: [point(-3, 5, 1000), point(50.26, 999, 1040)] } as never], 300, 150);
    expect(drawing).toEqual({ width: 300, height: 150, strokes: [[[0, 5, 0], [50.3, 150, 40]]] });
  });
});

describe("pieces of evidence", () => {
  const piece = { key: "k", name: "a.jpg", thumb: "blob:x", share: 0, use: null, error: null };

  it("are placed, replaced and taken away by their key", () => {
    const sent = { ...piece, use: { slot: "photo", sha256: "ab" } };
    const proofs = withPiece(withPiece(NO_PROOFS, "photo", piece), "photo", sent);
    expect(usesOf(proofs)).toEqual([sent.use]);
    expect(usesOf(withoutPiece(proofs, "photo", "k"))).toEqual([]);
    expect(keepable(withPiece(proofs, "photo", { ...piece, key: "unsent" })).pieces.photo).toEqual([{ ...sent, thumb: "/api/v1/files/ab/thumb" }]);
  });
});

describe("readings", () => {
  it("are out of limits beyond them, not on them", () => {
    expect(outOfLimits({ low: 0.4, high: 0.8, value: 0.8 })).toBe(false);
    expect(outOfLimits({ low: 0.4, high: 0.8, value: 0.81 })).toBe(true);
    expect(outOfLimits({ low: 0.4, high: 0.8 })).toBe(false);
    expect(outOfLimits({ is_check: true, low: 1, in_order: false })).toBe(true);
    expect(outOfLimits({ is_check: true, low: 1, in_order: true })).toBe(false);
    expect(outOfLimits({ value: 1e9 })).toBe(false);
  });
});

describe("areas", () => {
  it("form a tree, and none is lost when its parent is unknown", () => {
    const area = (id: string, parent: string | null) => ({ id, name: id, parent, photos_allowed: true });
    expect(areaTree([area("a", null), area("b", "a"), area("c", "gone")])).toEqual([
      { value: "a", title: "a", children: [{ value: "b", title: "b" }] },
      { value: "c", title: "c" },
    ]);
  });
});

describe("an item's schema", () => {
  it("is read through references and what may be null", () => {
    const root = { $defs: { Point: { type: "object", properties: {} } }, properties: { parent: { anyOf: [{ type: "string" }, { type: "null" }], "x-ref": "area" }, people: { type: "array", items: { type: "string", "x-ref": "person" } } } };
    expect(essence(root, root.properties.parent)).toMatchObject({ type: "string", "x-ref": "area" });
    expect(essence(root, { $ref: "#/$defs/Point" }).type).toBe("object");
    expect(kindsNamed(root)).toEqual(["area", "person"]);
  });
});

describe("columns of a sheet", () => {
  it("are lettered as Excel does", () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(letter)).toEqual(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
  });
});

describe("days of a filter", () => {
  it("are asked for by the plant's clock, the last one included", () => {
    expect(asQuery({ from: "2026-11-01", to: "2026-11-30" }, "Asia/Shanghai")).toEqual({ from: "2026-10-31T16:00:00Z", to: "2026-11-30T16:00:00Z" });
    expect(asQuery({ status: "open" }, "Asia/Shanghai")).toEqual({ status: "open", from: undefined, to: undefined });
  });
});
