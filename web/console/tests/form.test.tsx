import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { byField } from "../src/api/problem";
import type { Kind } from "../src/api/types";
import { useFilling } from "../src/form/draft";
import { fieldsOf, labelOf } from "../src/form/reading";
import { FormView } from "../src/form/FormView";
import { WordsProvider } from "../src/words/words";
import { kind as kindOf } from "./shipped_pack";

const zh = kindOf("zh");
const en = kindOf("en");

function Around({ children, language }: { children: ReactNode; language: "zh" | "en" }) {
  return (
    <WordsProvider initial={language}>
      <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
    </WordsProvider>
  );
}

function Form({ kind, formKey, place = null, outcome }: { kind: Kind; formKey: string; place?: string | null; outcome?: string }) {
  const form = kind.forms[formKey]!;
  const filling = useFilling(form, place);
  const problems = byField([{ code: "too_short", field: "/note", text: "写具体些", params: {} }]);
  return (
    <>
      <FormView form={form} kind={kind} filling={filling} context={{ outcome }} problems={problems} />
      <output data-testid="key">{filling.key}</output>
      <button type="button" onClick={filling.reset}>
        reset
      </button>
    </>
  );
}

beforeEach(() => localStorage.clear());
afterEach(cleanup);

describe("a shipped form drawn from its schema", () => {
  it("names every field in the reader's language", () => {
    render(<Form kind={zh} formKey="verify" outcome="fail" />, { wrapper: ({ children }) => <Around language="zh">{children}</Around> });
    expect(screen.getByLabelText(new RegExp(zh.words["field.note"]!))).toBeTruthy();
    expect(screen.getByLabelText(new RegExp(zh.words["field.to_mend"]!))).toBeTruthy();
    cleanup();
    render(<Form kind={en} formKey="verify" outcome="pass" />, { wrapper: ({ children }) => <Around language="en">{children}</Around> });
    expect(screen.getByLabelText(new RegExp(en.words["field.note"]!))).toBeTruthy();
    expect(screen.queryByLabelText(new RegExp(en.words["field.to_mend"]!))).toBeNull();
  });

  it("says beside the field what is wrong and how to mend it", () => {
    render(<Form kind={zh} formKey="verify" />, { wrapper: ({ children }) => <Around language="zh">{children}</Around> });
    const field = screen.getByLabelText(new RegExp(zh.words["field.note"]!));
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const described = field.getAttribute("aria-describedby")!.split(" ").map((id) => document.getElementById(id)?.textContent);
    expect(described.join()).toContain("写具体些");
  });

  it("has a name in both languages for every field of every form", () => {
    for (const kind of [zh, en]) {
      const nameless = Object.entries(kind.forms).flatMap(([key, form]) => fieldsOf(form).filter((one) => labelOf(kind, one) === one.name).map((one) => `${key}/${one.name}`));
      expect(nameless).toEqual([]);
    }
  });
});

describe("a draft", () => {
  it("is kept at each change under the same key, and forgotten on reset", () => {
    const wrapper = ({ children }: { children: ReactNode }) => <Around language="zh">{children}</Around>;
    const first = render(<Form kind={zh} formKey="verify" place="draft" />, { wrapper });
    const key = screen.getByTestId("key").textContent;
    fireEvent.change(screen.getByLabelText(new RegExp(zh.words["field.note"]!)), { target: { value: "照片一致" } });
    first.unmount();
    render(<Form kind={zh} formKey="verify" place="draft" />, { wrapper });
    expect((screen.getByLabelText(new RegExp(zh.words["field.note"]!)) as HTMLTextAreaElement).value).toBe("照片一致");
    expect(screen.getByTestId("key").textContent).toBe(key);
    fireEvent.click(screen.getByText("reset"));
    expect(localStorage.getItem("draft")).toBeNull();
    expect(screen.getByTestId("key").textContent).not.toBe(key);
  });
});
