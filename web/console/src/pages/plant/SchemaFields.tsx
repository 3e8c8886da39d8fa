import { Button, Input, InputNumber, Select, Switch } from "antd";
import { useId, useMemo, type SetStateAction } from "react";

import { useSession } from "../../api/session";
import type { Reason, Schema, Values } from "../../api/types";
import { fromWall, toWall } from "../../time/format";
import { useWords } from "../../words/words";
import "../../form/form.css";
import { essence, kindsNamed, useNames } from "./items";

type Props = {
  schema: Schema;
  body: Values;
  change: (next: SetStateAction<Values>) => void;
  /** Fields that cannot be changed. */
  fixed: string[];
  problems: Map<string, Reason[]>;
};

/** The fields of any item, by its JSON Schema. */
export function SchemaFields({ schema, body, change, fixed, problems }: Props) {
  const named = useMemo(() => kindsNamed(schema), [schema]);
  const names = useNames(named);
  return (
    <div className="form">
      {Object.entries(schema.properties ?? {}).map(([name, part]) => {
        if (typeof part === "boolean" || name === "type") return null;
        return (
          <ItemField
            key={name}
            root={schema}
            name={name}
            schema={part}
            required={schema.required?.includes(name) ?? false}
            value={body[name]}
            disabled={fixed.includes(name)}
            names={names}
            problems={problems.get(name) ?? []}
            change={(value) => change((before) => ({ ...before, [name]: value }))}
          />
        );
      })}
    </div>
  );
}

type Names = Map<string, Map<string, string>>;
type FieldProps = {
  root: Schema;
  name: string;
  schema: Schema;
  required: boolean;
  value: unknown;
  disabled: boolean;
  names: Names;
  problems: Reason[];
  change: (value: unknown) => void;
};

function ItemField({ root, name, schema, required, value, disabled, names, problems, change }: FieldProps) {
  const { t } = useWords();
  const id = useId();
  const part = essence(root, schema);
  return (
    <div className={`field ${problems.length > 0 ? "wrong" : ""}`} data-field={name}>
      <label className="field-name" htmlFor={id}>
        {schema.title ?? part.title ?? name}
        {required && <span className="field-needed">{t("field.needed")}</span>}
      </label>
      <Value id={id} root={root} part={part} value={value} disabled={disabled} names={names} change={change} />
      {(schema.description ?? part.description) && <p className="field-hint">{schema.description ?? part.description}</p>}
      {problems.map((reason) => (
        <p key={reason.code} className="field-wrong">
          {reason.text || reason.code}
        </p>
      ))}
    </div>
  );
}

type ValueProps = { id: string; root: Schema; part: Schema; value: unknown; disabled: boolean; names: Names; change: (value: unknown) => void };

function Value(props: ValueProps) {
  const { id, part, value, disabled, names, change } = props;
  if (part.type === "array") return <ListValue {...props} />;
  if (part["x-ref"]) {
    const options = [...(names.get(part["x-ref"]) ?? [])].map(([key, label]) => ({ value: key, label }));
    return <Select id={id} allowClear showSearch={{ optionFilterProp: "label" }} style={{ width: "100%" }} disabled={disabled} value={(value as string | null) ?? null} options={options} onChange={(next: string | undefined) => change(next ?? null)} />;
  }
  if (part.enum) {
    return <Select id={id} allowClear style={{ width: "100%" }} disabled={disabled} value={(value as string | null) ?? null} options={part.enum.map((one) => ({ value: String(one), label: String(one) }))} onChange={(next: string | undefined) => change(next ?? null)} />;
  }
  if (part.type === "boolean") return <Switch id={id} disabled={disabled} checked={value === true} onChange={change} />;
  if (part.type === "number" || part.type === "integer") {
    return <InputNumber id={id} style={{ width: 200 }} disabled={disabled} value={typeof value === "number" ? value : null} onChange={(next) => change(next)} />;
  }
  if (part.format === "date-time") return <InstantValue {...props} />;
  const type = part.format === "date" ? "date" : part.format === "time" ? "time" : "text";
  const text = typeof value === "string" ? value : "";
  return <Input id={id} type={type} step={type === "time" ? 60 : undefined} disabled={disabled} value={type === "time" ? text.slice(0, 5) : text} onChange={(event) => change(event.target.value || (type === "text" ? "" : null))} />;
}

function InstantValue({ id, value, disabled, change }: ValueProps) {
  const zone = useSession().tenant.time_zone;
  return (
    <Input
      id={id}
      type="datetime-local"
      style={{ maxWidth: 260 }}
      disabled={disabled}
      value={typeof value === "string" && value ? toWall(value, zone) : ""}
      onChange={(event) => change(event.target.value ? fromWall(event.target.value, zone) : null)}
    />
  );
}

/** A list: names of other items, words, or small records of their own. */
function ListValue({ id, root, part, value, disabled, names, change }: ValueProps) {
  const { t } = useWords();
  const entry = essence(root, part.items ?? {});
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  if (entry.type === "object") {
    const put = (place: number, next: unknown) => change(list.map((one, at) => (at === place ? next : one)));
    return (
      <div className="stack tight" id={id}>
        {list.map((one, place) => (
          <Record key={place} root={root} schema={entry} value={one as Values} names={names} change={(next) => put(place, next)} remove={() => change(list.filter((_, at) => at !== place))} />
        ))}
        {!disabled && (
          <Button onClick={() => change([...list, {}])} style={{ alignSelf: "flex-start" }}>
            {t("plant.add")}
          </Button>
        )}
      </div>
    );
  }
  const ref = entry["x-ref"] ?? part["x-ref"];
  if (part.items?.anyOf?.some((one) => one.type === "null")) {
    return <Sequence id={id} options={[...(names.get(ref ?? "") ?? [])]} list={list} disabled={disabled} change={change} />;
  }
  const numbers = entry.type === "integer" || entry.type === "number";
  return (
    <Select
      id={id}
      mode={ref ? "multiple" : "tags"}
      style={{ width: "100%" }}
      disabled={disabled}
      showSearch={{ optionFilterProp: "label" }}
      tokenSeparators={[",", "，", "、"]}
      value={list.map((one) => (one === null ? "" : String(one)))}
      options={ref ? [...(names.get(ref) ?? [])].map(([key, label]) => ({ value: key, label })) : undefined}
      onChange={(next: string[]) => change(numbers ? next.map(Number).filter((one) => !Number.isNaN(one)) : next)}
    />
  );
}

type SequenceProps = { id: string; options: [string, string][]; list: unknown[]; disabled: boolean; change: (next: unknown[]) => void };

/** An order in which the same may come again, or nothing: a rotation of shifts and days off. */
function Sequence({ id, options, list, disabled, change }: SequenceProps) {
  const { t } = useWords();
  const put = (place: number, next: string | null) => change(list.map((one, at) => (at === place ? next : one)));
  return (
    <ol className="sequence" id={id}>
      {list.map((one, place) => (
        <li key={place}>
          <span className="num soft">{place + 1}</span>
          <Select
            aria-label={String(place + 1)}
            style={{ flex: 1 }}
            disabled={disabled}
            value={(one as string | null) ?? ""}
            options={[{ value: "", label: t("plant.off") }, ...options.map(([value, label]) => ({ value, label }))]}
            onChange={(next: string) => put(place, next || null)}
          />
          {!disabled && (
            <Button type="text" size="small" aria-label={t("plant.remove")} onClick={() => change(list.filter((_, at) => at !== place))}>
              ×
            </Button>
          )}
        </li>
      ))}
      {!disabled && <Button onClick={() => change([...list, null])}>{t("plant.add")}</Button>}
    </ol>
  );
}

type RecordProps = { root: Schema; schema: Schema; value: Values; names: Names; change: (next: Values) => void; remove: () => void };

function Record({ root, schema, value, names, change, remove }: RecordProps) {
  const { t } = useWords();
  const id = useId();
  return (
    <div className="record">
      {Object.entries(schema.properties ?? {}).map(([name, part]) =>
        typeof part === "boolean" ? null : (
          <label key={name} htmlFor={`${id}-${name}`}>
            <span className="small soft">{part.title ?? name}</span>
            <Value id={`${id}-${name}`} root={root} part={essence(root, part)} value={value[name]} disabled={false} names={names} change={(next) => change({ ...value, [name]: next })} />
          </label>
        ),
      )}
      <Button type="text" size="small" onClick={remove}>
        {t("plant.remove")}
      </Button>
    </div>
  );
}
