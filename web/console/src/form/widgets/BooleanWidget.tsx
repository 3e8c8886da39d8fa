import { Switch } from "antd";

import type { WidgetProps } from "./widget";

/** Yes or no, as a row to tap. */
export function BooleanWidget({ id, label, value, describedBy, change }: WidgetProps) {
  return (
    <label className={`switch-row ${value === true ? "on" : ""}`} htmlFor={id}>
      <span className="grow">{label}</span>
      <Switch id={id} checked={value === true} onChange={(next) => change(next)} aria-describedby={describedBy} />
    </label>
  );
}
