import { InputNumber, Radio } from "antd";

import type { Values } from "../../api/types";
import { useWords } from "../../words/words";
import { numberOf, type WidgetProps } from "./widget";

/** One row per point: what is read, its limits, and the value. Rows come from the server; only the value is filled in. */
export function ReadingsWidget({ value, label, change }: WidgetProps) {
  const { t } = useWords();
  const rows = Array.isArray(value) ? (value as Values[]) : [];
  if (rows.length === 0) return <p className="soft">{t("readings.none")}</p>;
  const put = (place: number, reading: number | null) =>
    change(rows.map((row, at) => (at === place ? { ...row, value: reading ?? undefined } : row)));
  return (
    <ul className="readings" aria-label={label}>
      {rows.map((row, place) => (
        <Reading key={place} row={row} put={(reading) => put(place, reading)} />
      ))}
    </ul>
  );
}

function Reading({ row, put }: { row: Values; put: (reading: number | null) => void }) {
  const { t } = useWords();
  const name = [row.equipment_name ?? row.equipment_number, row.point_name ?? row.name ?? row.point].filter(Boolean).join(" · ");
  const reading = numberOf(row.value);
  const out = reading !== null && outOfLimits(row, reading);
  return (
    <li className={`reading ${out ? "out" : ""}`}>
      <span className="grow">
        {name}
        <span className="small soft num" style={{ display: "block" }}>
          {row.is_check === true ? "" : limits(row)}
          {out ? ` · ${t("readings.out")}` : ""}
        </span>
      </span>
      {row.is_check === true ? (
        // Never a Segmented: it shows its first option as chosen before anybody has looked at the point.
        <Radio.Group
          size="large"
          optionType="button"
          aria-label={name}
          value={reading}
          options={[
            { value: 1, label: t("readings.good") },
            { value: 0, label: t("readings.bad") },
          ]}
          onChange={(event) => put(Number(event.target.value))}
        />
      ) : (
        <InputNumber<number> size="large" aria-label={name} suffix={String(row.unit ?? "")} value={reading} inputMode="decimal" onChange={put} />
      )}
    </li>
  );
}

function limits(row: Values): string {
  const low = numberOf(row.low);
  const high = numberOf(row.high);
  const unit = String(row.unit ?? "");
  if (low !== null && high !== null) return `${low} – ${high} ${unit}`;
  if (low !== null) return `≥ ${low} ${unit}`;
  return high === null ? unit : `≤ ${high} ${unit}`;
}

/** Shown at once; what follows from it is the server's word. */
export function outOfLimits(row: Values, reading: number): boolean {
  if (row.is_check === true) return reading === 0;
  const low = numberOf(row.low);
  const high = numberOf(row.high);
  return (low !== null && reading < low) || (high !== null && reading > high);
}
