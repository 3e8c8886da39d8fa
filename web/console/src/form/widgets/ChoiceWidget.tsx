import { Select } from "antd";

import { choicesOf } from "../reading";
import { textOf, type WidgetProps } from "./widget";

const PILLS_MAX = 14;

/** One of a list: pills while they fit on a screen, a searchable list beyond that. */
export function ChoiceWidget({ id, labelId, field, kind, value, wrong, describedBy, change }: WidgetProps) {
  const choices = choicesOf(kind, field);
  const chosen = textOf(value);
  if (choices.length > PILLS_MAX) {
    return (
      <Select
        id={id}
        size="large"
        style={{ width: "100%" }}
        showSearch={{ optionFilterProp: "label" }}
        allowClear
        value={chosen || null}
        status={wrong ? "error" : ""}
        options={choices}
        onChange={(next: string | undefined) => change(next)}
      />
    );
  }
  return (
    <div className="pills" role="radiogroup" aria-labelledby={labelId} aria-describedby={describedBy} id={id}>
      {choices.map((choice) => (
        <label key={choice.value} className={`pill ${choice.value === chosen ? "chosen" : ""}`}>
          <input
            type="radio"
            name={id}
            value={choice.value}
            checked={choice.value === chosen}
            onChange={() => change(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}

/** Several of a list. */
export function ChoicesWidget({ id, labelId, field, kind, value, describedBy, change }: WidgetProps) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const toggle = (one: string) => change(chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one]);
  return (
    <div className="pills" role="group" aria-labelledby={labelId} aria-describedby={describedBy} id={id}>
      {choicesOf(kind, field).map((choice) => (
        <label key={choice.value} className={`pill ${chosen.includes(choice.value) ? "chosen" : ""}`}>
          <input type="checkbox" checked={chosen.includes(choice.value)} onChange={() => toggle(choice.value)} />
          {choice.label}
        </label>
      ))}
    </div>
  );
}
