import type { ReactNode } from "react";

import type { Kind, Reason, Values } from "../../api/types";
import type { Field } from "../reading";

export type WidgetProps = {
  id: string;
  labelId: string;
  label: string;
  field: Field;
  kind: Kind;
  value: unknown;
  values: Values;
  computed: Values;
  wrong: boolean;
  /** What the server says against the field; of a list also against its entries, `/readings/3/note`. */
  problems: Reason[];
  describedBy: string | undefined;
  change: (value: unknown) => void;
  changeOther: (name: string, value: unknown) => void;
};

export type Widget = (props: WidgetProps) => ReactNode;

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** The entry of a list that a reason speaks of; null: the whole. */
export function entryOf(reason: Reason): number | null {
  const step = reason.field.split("/")[2];
  return step !== undefined && /^\d+$/.test(step) ? Number(step) : null;
}
