import { describe, expect, it } from "vitest";

import { en } from "../src/words/en";
import { translate } from "../src/words/words";
import { zh } from "../src/words/zh";

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe("the two dictionaries", () => {
  it("have the same keys", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });

  it("have the same placeholders under each key", () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect([key, placeholders(en[key])]).toEqual([key, placeholders(zh[key])]);
  });

  it("say each in its own language", () => {
    const chinese = /[\u4e00-\u9fff]/;
    expect(Object.entries(en).filter(([, text]) => chinese.test(text))).toEqual([]);
    expect(Object.entries(zh).filter(([, text]) => !chinese.test(text))).toEqual([]);
  });

  it("fill in what is named and leave what is not", () => {
    expect(translate("en", "nav.count", { mine: 3, overdue: 1 })).toBe("3 to do, 1 overdue");
    expect(translate("zh", "register.total")).toBe("共 {n} 项");
  });
});
