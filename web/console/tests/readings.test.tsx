import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";

import type { Values } from "../src/api/types";
import { ReadingsWidget } from "../src/form/widgets/ReadingsWidget";
import type { WidgetProps } from "../src/form/widgets/widget";
import { WordsProvider } from "../src/words/words";

const ROWS: Values[] = [
  { equipment: "eq-1", equipment_name: "行车", point: "brake", point_name: "制动器正常", low: 1, is_check: true },
  { equipment: "eq-1", equipment_name: "行车", point: "pressure", point_name: "压力", low: 0.2, high: 0.8, unit: "MPa" },
];

function Round({ told }: { told: (rows: Values[]) => void }) {
  const [rows, setRows] = useState(ROWS);
  const change = (value: unknown) => {
    setRows(value as Values[]);
    told(value as Values[]);
  };
  return <ReadingsWidget {...({ value: rows, label: "点检项目", change } as unknown as WidgetProps)} />;
}

afterEach(cleanup);

describe("the readings of a round", () => {
  it("shows a point that nobody has looked at as neither good nor bad", () => {
    render(<Round told={() => undefined} />, { wrapper: ({ children }) => <WordsProvider initial="zh">{children}</WordsProvider> });
    const choices = screen.getAllByRole("radio") as HTMLInputElement[];
    expect(choices).toHaveLength(2);
    expect(choices.some((choice) => choice.checked)).toBe(false);
  });

  it("records good only when somebody says so", () => {
    let rows: Values[] = [];
    render(<Round told={(said) => (rows = said)} />, { wrapper: ({ children }) => <WordsProvider initial="zh">{children}</WordsProvider> });
    fireEvent.click(screen.getByRole("radio", { name: "正常" }));
    expect(rows.map((row) => row.value)).toEqual([1, undefined]);
    fireEvent.click(screen.getByRole("radio", { name: "异常" }));
    expect(rows.map((row) => row.value)).toEqual([0, undefined]);
  });
});
