import { cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";

import type { PackChange, PackChanges, PackCheck, Reason } from "../src/api/types";
import { Changes } from "../src/pages/packs/Changes";
import { gateOf } from "../src/pages/packs/PublishPack";
import { WordsProvider } from "../src/words/words";

const Chinese = ({ children }: { children: ReactNode }) => <WordsProvider initial="zh">{children}</WordsProvider>;
const FAULT: Reason = { code: "form_missing", field: "/kinds/x/form", text: "缺表单", params: {} };

const row = (change: PackChange["change"], facts: PackChange["facts"]): PackChange => ({
  what: "row",
  change,
  where: `tables/deadlines/${change}`,
  within: "整改期限",
  name: "高风险",
  facts,
});
const changes = (items: PackChange[]): PackChanges => ({ against: "1.0", items, files: [{ path: "tables/deadlines.json", change: "changed" }] });
const checked = (more: Partial<PackCheck>): PackCheck => ({ name: "x", version: "2.0", problems: [], warnings: [], changes: changes([]), ...more });

afterEach(cleanup);

describe("what publishing would change", () => {
  it("shows before and after of a rule, and nothing before of a new one", () => {
    const items = [row("changed", [{ name: "期限", before: "3 天", after: "2 天" }]), row("added", [{ name: "期限", before: null, after: "1 天" }])];
    const { container } = render(<Changes changes={changes(items)} />, { wrapper: Chinese });
    const told = [...container.querySelectorAll("dd")].map((one) => [one.querySelector("del")?.textContent, one.querySelector("ins")?.textContent]);
    expect(told).toEqual([
      ["3 天", "2 天"],
      [undefined, "1 天"],
    ]);
    expect(screen.getByText("决策表")).toBeTruthy();
  });

  it("tells the files where nothing else differs, and says so where nothing does", () => {
    render(<Changes changes={changes([])} />, { wrapper: Chinese });
    expect(screen.getByText("tables/deadlines.json")).toBeTruthy();
    cleanup();
    render(<Changes changes={{ against: "1.0", items: [], files: [] }} />, { wrapper: Chinese });
    expect(screen.getByText(/完全相同/)).toBeTruthy();
  });
});

describe("whether a pack can be published", () => {
  const say = (key: string) => key;

  it("waits for the check, and stops at errors but not at warnings", () => {
    expect(gateOf(null, [], say)).toEqual({ ok: false, why: "packs.choose_first" });
    expect(gateOf(checked({ problems: [FAULT] }), [], say)).toEqual({ ok: false, why: "packs.mend_first" });
    expect(gateOf(checked({}), [FAULT], say).ok).toBe(false);
    expect(gateOf(checked({ warnings: [FAULT] }), [], say).ok).toBe(true);
  });

  it("has nothing to do where every file is the same", () => {
    expect(gateOf(checked({ changes: { against: "1.0", items: [], files: [] } }), [], say)).toEqual({ ok: false, why: "packs.nothing_new" });
  });
});
