import { useMemo, type ReactNode } from "react";

import type { Kind, Reason, Schema, Values } from "../api/types";
import { FieldView } from "./FieldView";
import "./form.css";
import type { Filling } from "./draft";
import { fieldsOf, isShown, requiredNow, sectionName, sectionsOf, type Field, type FormContext } from "./reading";

export type FormViewProps = {
  form: Schema;
  kind: Kind;
  filling: Filling;
  context?: FormContext;
  computed?: Values;
  problems?: Map<string, Reason[]>;
  /** Slots that the duty itself asks for, besides what the form says. */
  prove?: string[];
  /** Which fields to show; all by default. */
  only?: (one: Field) => boolean;
  /** Something to stand after a section's fields. */
  after?: (section: string) => ReactNode;
};

const NOTHING: FormContext = {};

/** A form drawn from its schema alone. */
export function FormView({ form, kind, filling, context = NOTHING, computed = {}, problems, prove = [], only, after }: FormViewProps) {
  const fields = useMemo(() => fieldsOf(form), [form]);
  const required = requiredNow(form, filling.values, context);
  prove.forEach((slot) => required.add(slot));
  const shown = fields.filter((one) => isShown(one, filling.values, context) && (only?.(one) ?? true));
  return (
    <div className="form">
      {sectionsOf(shown).map(({ section, fields: members }) => (
        <fieldset key={section} className="form-section">
          {sectionName(kind, section) && <legend>{sectionName(kind, section)}</legend>}
          {members.map((one) => (
            <FieldView
              key={one.name}
              field={one}
              kind={kind}
              filling={filling}
              required={required.has(one.name)}
              computed={computed}
              problems={problems?.get(one.name) ?? []}
            />
          ))}
          {after?.(section)}
        </fieldset>
      ))}
    </div>
  );
}
