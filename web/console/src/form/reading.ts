/** Reading a form's schema: which fields, in which order, under which names, shown and asked for when. */
import type { Kind, Schema, Values } from "../api/types";

export type Field = {
  name: string;
  schema: Schema;
  widget: string;
  order: number;
  section: string;
  /** Evidence beside the values: photos, a signature, files. */
  proof: boolean;
};

/** What conditions may look at besides the form's own values. */
export type FormContext = { case?: Values; outcome?: string };

export type Choice = { value: string; label: string };

/** Fields and evidence slots of a form, in the order in which they are shown. */
export function fieldsOf(form: Schema): Field[] {
  const values = Object.entries(form.properties ?? {}).map(([name, part]) => field(form, name, part, false));
  const proofs = Object.entries(form["x-proofs"] ?? {}).map(([name, part]) => field(form, name, part, true));
  return [...values, ...proofs].sort((one, other) => one.order - other.order);
}

function field(form: Schema, name: string, part: Schema | boolean, proof: boolean): Field {
  const schema = resolved(form, part === true || part === false ? {} : part);
  return {
    name,
    schema,
    widget: schema["x-widget"] ?? "text",
    order: schema["x-order"] ?? Number.MAX_SAFE_INTEGER,
    section: schema["x-section"] ?? "",
    proof,
  };
}

/** A part with what its local `$ref` points to. */
export function resolved(form: Schema, part: Schema): Schema {
  const target = part.$ref?.startsWith("#/$defs/") ? form.$defs?.[part.$ref.slice("#/$defs/".length)] : undefined;
  return target ? { ...target, ...part } : part;
}

/** Fields grouped by section, sections in the order of their first field. */
export function sectionsOf(fields: Field[]): { section: string; fields: Field[] }[] {
  const found = new Map<string, Field[]>();
  for (const one of fields) found.set(one.section, [...(found.get(one.section) ?? []), one]);
  return [...found].map(([section, members]) => ({ section, fields: members }));
}

export function isShown(one: Field, values: Values, context: FormContext): boolean {
  return Object.entries(one.schema["x-shown-when"] ?? {}).every(([name, wanted]) =>
    wanted.includes(lookUp(name, values, context)),
  );
}

function lookUp(name: string, values: Values, context: FormContext): unknown {
  if (name === "outcome") return context.outcome;
  return name.startsWith("case.") ? context.case?.[name.slice("case.".length)] : values[name];
}

/** Fields that must be filled as things stand, the conditions of `allOf` included; only for marking them. */
export function requiredNow(form: Schema, values: Values, context: FormContext): Set<string> {
  const all: Values = { ...values, outcome: context.outcome, case: context.case ?? {} };
  const names = new Set(form.required ?? []);
  for (const rule of form.allOf ?? []) {
    const branch = rule.if && holds(rule.if, all) ? rule.then : rule.else;
    for (const name of branch?.required ?? []) names.add(name);
  }
  for (const [slot, part] of Object.entries(form["x-proofs"] ?? {})) if ((part.minItems ?? 0) > 0) names.add(slot);
  return names;
}

/** Whether a condition holds, as far as conditions in forms go. The server's validation alone decides what is refused. */
export function holds(schema: Schema | boolean, value: unknown): boolean {
  if (typeof schema === "boolean") return schema;
  if ("const" in schema && schema.const !== value) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (schema.type && !typed([schema.type].flat(), value)) return false;
  if (typeof value === "number") {
    if (schema.minimum !== undefined && value < schema.minimum) return false;
    if (schema.maximum !== undefined && value > schema.maximum) return false;
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const object = value as Values;
    if ((schema.required ?? []).some((name) => object[name] === undefined)) return false;
    for (const [name, part] of Object.entries(schema.properties ?? {})) {
      if (object[name] !== undefined && !holds(part, object[name])) return false;
    }
  }
  if (schema.anyOf && !schema.anyOf.some((part) => holds(part, value))) return false;
  if (schema.allOf && !schema.allOf.every((part) => holds(part, value))) return false;
  return !(schema.not && holds(schema.not, value));
}

function typed(types: string[], value: unknown): boolean {
  return types.some((type) => {
    if (type === "integer") return Number.isInteger(value);
    if (type === "array") return Array.isArray(value);
    if (type === "null") return value === null;
    if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
    return typeof value === type;
  });
}

type Worded = Pick<Kind, "words"> | undefined;

export function labelOf(kind: Worded, one: Field): string {
  const key = one.schema["x-words"] ?? `field.${one.name}`;
  return one.schema.title ?? kind?.words[key] ?? one.name;
}

export function hintOf(kind: Worded, one: Field): string | undefined {
  const key = one.schema["x-hint"];
  return one.schema.description ?? (key ? kind?.words[key] : undefined);
}

export function sectionName(kind: Worded, section: string): string | undefined {
  return section ? (kind?.words[`section.${section}`] ?? section) : undefined;
}

export function choicesOf(kind: Worded, one: Field): Choice[] {
  const values = one.schema.enum ?? one.schema.items?.enum ?? [];
  const family = one.schema["x-values"] ?? one.name;
  return values.map((value) => ({ value: String(value), label: kind?.words[`${family}.${String(value)}`] ?? String(value) }));
}

/** Fields that a report needs before it is taken in at all. */
export function minimumFields(form: Schema): Set<string> {
  const intake = (form as Schema & { "x-intake"?: Schema })["x-intake"];
  const names = new Set<string>();
  const gather = (part: Schema | undefined): void => {
    part?.required?.forEach((name) => names.add(name));
    [...(part?.anyOf ?? []), ...(part?.allOf ?? []), ...(part?.oneOf ?? [])].forEach(gather);
  };
  gather(intake);
  return names;
}

/** The yes-or-no that a form begins with: a call for help, drawn as one big button. */
export function alarmOf(form: Schema): Field | undefined {
  const first = fieldsOf(form)[0];
  return first?.widget === "boolean" ? first : undefined;
}

/** Values as they are sent: nothing empty, nothing that is computed or not shown. */
export function filled(form: Schema, values: Values, context: FormContext): Values {
  const kept: Values = {};
  for (const one of fieldsOf(form)) {
    const value = values[one.name];
    if (one.proof || one.widget === "computed" || !isShown(one, values, context)) continue;
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value) && value.length === 0) continue;
    kept[one.name] = one.widget === "readings" ? (value as Values[]).map((row) => ofSchema(one.schema, row)) : value;
  }
  return kept;
}

/** What an entry of a list says itself, without what it was only shown with. */
function ofSchema(list: Schema, row: Values): Values {
  const own = list.items?.properties ?? {};
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => name in own && value !== undefined && value !== null));
}

/** Values that a fresh form begins with. */
export function defaultsOf(form: Schema): Values {
  return Object.fromEntries(
    Object.entries(form.properties ?? {}).flatMap(([name, part]) =>
      typeof part === "object" && part.default !== undefined ? [[name, part.default]] : [],
    ),
  );
}

/** Nothing was said yet beyond what a fresh form says by itself. */
export function isUntouched(form: Schema, values: Values): boolean {
  const defaults = defaultsOf(form);
  return Object.entries(values).every(([name, value]) => defaults[name] === value);
}
