import type { ReactNode } from "react";

import type { Kind, Values } from "../../api/types";
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
  describedBy: string | undefined;
  change: (value: unknown) => void;
  changeOther: (name: string, value: unknown) => void;
};

export type Widget = (props: WidgetProps) => ReactNode;

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);
