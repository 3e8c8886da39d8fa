import { useChoices } from "../../api/queries";
import type { Choices, Kind, Schema, Values } from "../../api/types";
import { choicesOf, fieldsOf, labelOf, type Field } from "../../form/reading";
import { textOf } from "../../form/widgets/widget";
import { Moment } from "../../parts/Clock";
import { Risk } from "../../parts/Risk";
import { FactList } from "../../parts/states";
import { useWords, type Translate } from "../../words/words";

const LONG = new Set(["longtext", "readings"]);

/** What was filled in, in words; nothing that was left open. */
export function FormFacts({ form, kind, values }: { form: Schema; kind: Kind; values: Values }) {
  const { t } = useWords();
  const { data } = useChoices();
  const facts = fieldsOf(form)
    .filter((one) => !one.proof && said(values[one.name]))
    .map((one) => ({
      name: labelOf(kind, one),
      whole: LONG.has(one.widget),
      value: <Said field={one} kind={kind} value={values[one.name]} choices={data} t={t} />,
    }));
  return <FactList facts={facts} />;
}

const said = (value: unknown) => value !== undefined && value !== null && value !== "" && value !== false;

type SaidProps = { field: Field; kind: Kind; value: unknown; choices: Choices | undefined; t: Translate };

function Said({ field, kind, value, choices, t }: SaidProps) {
  const text = String(value);
  switch (field.widget) {
    case "boolean":
      return <>{value === true ? t("yes") : t("no")}</>;
    case "date_time":
      return <Moment at={text} />;
    case "choice":
      return <>{choicesOf(kind, field).find((one) => one.value === value)?.label ?? text}</>;
    case "choices":
      return <>{choicesOf(kind, field).filter((one) => (value as unknown[]).includes(one.value)).map((one) => one.label).join("、")}</>;
    case "computed":
      return <Risk level={text} kind={kind.key} />;
    case "risk":
      return <Rated kind={kind} field={field} value={value as { method?: string; factors?: Record<string, number> }} />;
    case "readings":
      return <Readings rows={Array.isArray(value) ? (value as Values[]) : []} t={t} />;
    case "area":
    case "equipment":
    case "person":
    case "party":
      if (Array.isArray(value)) return <>{value.map((one) => nameOf(choices, field.widget, String(one))).join("、")}</>;
      return <>{value === field.schema["x-none"] ? t("equipment.none") : nameOf(choices, field.widget, text)}</>;
    default:
      return <span className="lines">{text}</span>;
  }
}

function nameOf(choices: Choices | undefined, widget: string, id: string): string {
  if (!choices) return id;
  if (widget === "area") return choices.areas.find((one) => one.id === id)?.name ?? id;
  if (widget === "person") return choices.people.find((one) => one.id === id)?.name ?? id;
  if (widget === "equipment") {
    const found = choices.equipment.find((one) => one.id === id);
    return found ? `${found.number} ${found.name}` : id;
  }
  return partyName(choices, id);
}

function partyName(choices: Choices, party: string): string {
  const [word, rest = ""] = party.split(/:(.*)/s);
  if (word === "person") return nameOf(choices, "person", rest);
  if (word === "team") return choices.teams.find((one) => one.id === rest)?.name ?? rest;
  const [post, area] = rest.split("@");
  const name = choices.posts.find((one) => one.id === post)?.name ?? post ?? party;
  return area && area !== "plant" ? `${name} · ${nameOf(choices, "area", area)}` : name;
}

function Rated({ kind, field, value }: { kind: Kind; field: Field; value: { method?: string; factors?: Record<string, number> } }) {
  const method = kind.computed?.find((one) => one.from === field.name)?.methods.find((one) => one.key === value.method);
  const factors = Object.entries(value.factors ?? {});
  const score = factors.reduce((all, [, rating]) => all * rating, 1);
  return (
    <span className="num">
      {method?.name ?? kind.words[`risk.${value.method ?? ""}`] ?? value.method} · {factors.map(([key, rating]) => `${key.toUpperCase()} ${rating}`).join(" × ")} ={" "}
      {Number(score.toFixed(4))}
    </span>
  );
}

/** What was read, point by point; what is not in order stands out with what was noted of it. */
function Readings({ rows, t }: { rows: Values[]; t: Translate }) {
  return (
    <ul className="num readings-said">
      {rows.map((row, place) => (
        <li key={place} className={row.out_of_limits === true ? "late-text" : undefined}>
          {[row.equipment_name ?? row.equipment_number ?? row.equipment, row.point_name ?? row.name ?? row.point].filter(Boolean).join(" · ")}:{" "}
          <b>{readingOf(row, t)}</b>
          {textOf(row.note) !== "" && <span className="lines reading-said-note">{textOf(row.note)}</span>}
        </li>
      ))}
    </ul>
  );
}

function readingOf(row: Values, t: Translate): string {
  const inOrder = row.in_order ?? (row.is_check === true && typeof row.value === "number" ? row.value !== 0 : undefined);
  if (typeof inOrder === "boolean") return inOrder ? t("readings.good") : t("readings.bad");
  return `${String(row.value ?? "–")} ${String(row.unit ?? "")}`.trim();
}
