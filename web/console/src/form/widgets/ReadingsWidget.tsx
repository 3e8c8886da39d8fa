import { Input, InputNumber, Radio } from "antd";

import type { LapsedName, Reason, Values } from "../../api/types";
import { Lapsed } from "../../parts/Lapsed";
import { useWords } from "../../words/words";
import { resolved } from "../reading";
import { entryOf, numberOf, textOf, type WidgetProps } from "./widget";

type Note = { name: string; max: number | undefined };

/** One row per point: what is read, its limits, the reading, and a note where something is not in order. */
export function ReadingsWidget({ field, kind, value, label, problems, change }: WidgetProps) {
  const { t } = useWords();
  const rows = Array.isArray(value) ? (value as Values[]) : [];
  if (rows.length === 0) return <p className="soft">{t("readings.none")}</p>;
  const noted = resolved(field.schema, field.schema.items ?? {}).properties?.note;
  const note = typeof noted === "object" ? { name: kind.words["field.note"] ?? t("readings.note"), max: noted.maxLength } : null;
  const put = (place: number, said: Values) => change(rows.map((row, at) => (at === place ? { ...row, ...said } : row)));
  return (
    <ul className="readings" aria-label={label}>
      {rows.map((row, place) => (
        <Reading
          key={place}
          row={row}
          first={row.equipment !== rows[place - 1]?.equipment}
          note={note}
          problems={problems.filter((reason) => entryOf(reason) === place)}
          put={(said) => put(place, said)}
        />
      ))}
    </ul>
  );
}

type RowProps = { row: Values; first: boolean; note: Note | null; problems: Reason[]; put: (said: Values) => void };

function Reading({ row, first, note, problems, put }: RowProps) {
  const { t } = useWords();
  const name = [row.equipment_name ?? row.equipment_number, row.point_name ?? row.name ?? row.point].filter(Boolean).join(" · ");
  const out = outOfLimits(row);
  // What was noted stays in sight when the reading is put right: nothing is sent that is not seen.
  const notes = note !== null && (out || textOf(row.note) !== "");
  return (
    <li className={`reading ${out ? "out" : ""}`}>
      <span className="grow">
        {name} {first && <Lapsed of={row.lapsed as LapsedName[] | undefined} />}
        <span className="small soft num" style={{ display: "block" }}>
          {row.is_check === true ? "" : limits(row)}
          {out && row.is_check !== true ? ` · ${t("readings.out")}` : ""}
        </span>
      </span>
      {row.is_check === true ? (
        // Never a Segmented: it shows its first option as chosen before anybody has looked at the point.
        <Radio.Group
          size="large"
          optionType="button"
          aria-label={name}
          value={row.in_order}
          options={[
            { value: true, label: t("readings.good") },
            { value: false, label: t("readings.bad") },
          ]}
          onChange={(event) => put({ in_order: event.target.value === true })}
        />
      ) : (
        <InputNumber<number>
          size="large"
          aria-label={name}
          suffix={String(row.unit ?? "")}
          value={numberOf(row.value)}
          inputMode="decimal"
          onChange={(reading) => put({ value: reading ?? undefined })}
        />
      )}
      {notes && (
        <Input.TextArea
          className="reading-note"
          aria-label={`${name} · ${note.name}`}
          placeholder={t("readings.note_hint")}
          autoSize={{ minRows: 1, maxRows: 4 }}
          maxLength={note.max}
          status={problems.length > 0 ? "error" : undefined}
          value={textOf(row.note)}
          onChange={(event) => put({ note: event.target.value || undefined })}
        />
      )}
      {problems.map((reason) => (
        <p key={reason.code + reason.field} role="alert" className="field-wrong reading-wrong">
          {reason.text || reason.code}
        </p>
      ))}
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
export function outOfLimits(row: Values): boolean {
  if (row.is_check === true) return row.in_order === false;
  const reading = numberOf(row.value);
  const low = numberOf(row.low);
  const high = numberOf(row.high);
  return reading !== null && ((low !== null && reading < low) || (high !== null && reading > high));
}
