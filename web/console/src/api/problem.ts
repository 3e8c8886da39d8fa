import type { Reason, Schema } from "./types";

/** A refusal or failure of the server, as RFC 9457 puts it: what, why, and which field. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly reasons: Reason[];
  /** Whatever else the server said, such as `case` of an idempotency conflict. */
  readonly more: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    const detail = text(body.detail);
    const title = text(body.title);
    super(detail || title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = text(body.code) || `http_${status}`;
    this.title = title;
    this.detail = detail;
    this.reasons = Array.isArray(body.reasons) ? (body.reasons as Reason[]) : [];
    this.more = body;
  }
}

/** The server could not be reached: the request may be sent again with the same key. */
export class Unreachable extends Error {
  constructor() {
    super("unreachable");
    this.name = "Unreachable";
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The top-level field or slot that a reason speaks of; `""` is the whole form. */
export function fieldOf(reason: Reason): string {
  const steps = reason.field.split("/").filter(Boolean);
  return (steps[0] === "proofs" ? steps[1] : steps[0]) ?? "";
}

/** Reasons by the top-level field that they speak of; `""` holds those of the whole form. */
export function byField(reasons: readonly Reason[]): Map<string, Reason[]> {
  const found = new Map<string, Reason[]>();
  for (const reason of reasons) {
    const name = fieldOf(reason);
    found.set(name, [...(found.get(name) ?? []), reason]);
  }
  return found;
}

/** Reasons that speak of no field and no slot of a form, and so stand by themselves. */
export function notOf(form: Schema, reasons: readonly Reason[]): Reason[] {
  const names = new Set([...Object.keys(form.properties ?? {}), ...Object.keys(form["x-proofs"] ?? {})]);
  return reasons.filter((reason) => !names.has(fieldOf(reason)));
}
