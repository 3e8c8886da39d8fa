import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { afterEach, describe, expect, it } from "vitest";

import type { Reason, Values } from "../src/api/types";
import { ReadingsWidget } from "../src/form/widgets/ReadingsWidget";
import type { WidgetProps } from "../src/form/widgets/widget";
import { WordsProvider } from "../src/words/words";

const ROWS: Values[] = [
  { equipment: "eq-1", equipment_name: "行车", point: "brake", point_name: "制动器正常", low: 1, is_check: true },
  { equipment: "eq-1", equipment_name: "行车", point: "pressure", point_name: "压力", low: 0.2, high: 0.8, unit: "MPa" },
];

type RoundProps = { told?: (rows: Values[]) => void; noted?: boolean; problems?: Reason[] };

function Round({ told, noted = true, problems = [] }: RoundProps) {
  const [rows, setRows] = useState(ROWS);
  const change = (value: unknown) => {
    setRows(value as Values[]);
    told?.(value as Values[]);
  };
  const schema = { type: "array", items: { type: "object", properties: noted ? { note: { type: "string", maxLength: 500 } } : {} } };
  const field = { name: "readings", schema, widget: "readings" };
  const props = { value: rows, label: "点检项目", change, field, kind: { words: { "field.note": "说明" } }, problems };
  return <ReadingsWidget {...(props as unknown as WidgetProps)} />;
}

const Chinese = ({ children }: { children: ReactNode }) => <WordsProvider initial="zh">{children}</WordsProvider>;

afterEach(cleanup);

describe("the readings of a round", () => {
  it("shows a point that nobody has looked at as neither good nor bad", () => {
    render(<Round />, { wrapper: Chinese });
    const choices = screen.getAllByRole("radio") as HTMLInputElement[];
    expect(choices).toHaveLength(2);
    expect(choices.some((choice) => choice.checked)).toBe(false);
  });

  it("records good only when somebody says so", () => {
    let rows: Values[] = [];
    render(<Round told={(said) => (rows = said)} />, { wrapper: Chinese });
    fireEvent.click(screen.getByRole("radio", { name: "正常" }));
    expect(rows.map((row) => [row.in_order, row.value])).toEqual([[true, undefined], [undefined, undefined]]);
    fireEvent.click(screen.getByRole("radio", { name: "不正常" }));
    expect(rows.map((row) => [row.in_order, row.value])).toEqual([[false, undefined], [undefined, undefined]]);
  });

  it("asks for a note of what is not in order or out of limits, and of nothing else", () => {
    let rows: Values[] = [];
    render(<Round told={(said) => (rows = said)} />, { wrapper: Chinese });
    expect(screen.queryAllByRole("textbox")).toHaveLength(0);
    fireEvent.click(screen.getByRole("radio", { name: "正常" }));
    fireEvent.change(screen.getByRole("spinbutton"), { target: { value: "0.5" } });
    expect(screen.queryAllByRole("textbox")).toHaveLength(0);
    fireEvent.change(screen.getByRole("spinbutton"), { target: { value: "0.9" } });
    expect(rows[1]!.value).toBe(0.9);
    fireEvent.change(screen.getByRole("textbox", { name: /压力 · 说明/ }), { target: { value: "安全阀未起跳" } });
    expect(rows.map((row) => row.note)).toEqual([undefined, "安全阀未起跳"]);
    fireEvent.click(screen.getByRole("radio", { name: "不正常" }));
    expect(screen.getAllByRole("textbox")).toHaveLength(2);
  });

  it("keeps in sight what was noted when the reading is put right", () => {
    render(<Round />, { wrapper: Chinese });
    fireEvent.change(screen.getByRole("spinbutton"), { target: { value: "0.9" } });
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "读错了" } });
    fireEvent.change(screen.getByRole("spinbutton"), { target: { value: "0.5" } });
    expect((screen.getByRole("textbox") as HTMLTextAreaElement).value).toBe("读错了");
  });

  it("asks for no note where the form has none", () => {
    render(<Round noted={false} />, { wrapper: Chinese });
    fireEvent.click(screen.getByRole("radio", { name: "不正常" }));
    expect(screen.queryAllByRole("textbox")).toHaveLength(0);
  });

  it("says at the point itself what the server has against it", () => {
    const problems = [{ code: "what_is_wrong_needed", field: "/readings/0/note", text: "写明情况", params: {} }];
    render(<Round problems={problems} />, { wrapper: Chinese });
    expect(screen.getByText("写明情况").closest("li")!.textContent).toContain("制动器正常");
  });
});
