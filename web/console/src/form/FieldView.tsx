import { lazy, Suspense, useId } from "react";

import type { Kind, Reason, Values } from "../api/types";
import { useWords } from "../words/words";
import type { Filling } from "./draft";
import { Offered } from "./Offered";
import { hintOf, labelOf, type Field } from "./reading";
import { FileSlot } from "./proofs/FileSlot";
import { PhotoSlot } from "./proofs/PhotoSlot";
import { BooleanWidget } from "./widgets/BooleanWidget";
import { CaseWidget } from "./widgets/CaseWidget";
import { ChoicesWidget, ChoiceWidget } from "./widgets/ChoiceWidget";
import { ComputedWidget } from "./widgets/ComputedWidget";
import { AreaWidget, EquipmentWidget, PartyWidget, PersonWidget } from "./widgets/PlantWidgets";
import { ReadingsWidget } from "./widgets/ReadingsWidget";
import { RiskWidget } from "./widgets/RiskWidget";
import { DateTimeWidget, DateWidget, LongTextWidget, NumberWidget, TextWidget } from "./widgets/TextWidgets";
import { entryOf, type Widget } from "./widgets/widget";

const SignatureSlot = lazy(() => import("./proofs/SignatureSlot"));

const WIDGETS: Record<string, Widget> = {
  text: TextWidget,
  longtext: LongTextWidget,
  number: NumberWidget,
  date_time: DateTimeWidget,
  date: DateWidget,
  choice: ChoiceWidget,
  choices: ChoicesWidget,
  boolean: BooleanWidget,
  area: AreaWidget,
  equipment: EquipmentWidget,
  person: PersonWidget,
  party: PartyWidget,
  case: CaseWidget,
  risk: RiskWidget,
  readings: ReadingsWidget,
  computed: ComputedWidget,
};

type Props = {
  field: Field;
  kind: Kind;
  filling: Filling;
  required: boolean;
  computed: Values;
  problems: Reason[];
};

/** One field: its name, its widget, its hint, and what is wrong with it and how to mend that. */
export function FieldView({ field, kind, filling, required, computed, problems }: Props) {
  const { t } = useWords();
  const id = useId();
  const label = labelOf(kind, field);
  const hint = hintOf(kind, field);
  const wrong = problems.length > 0;
  const describedBy = [hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ") || undefined;
  const Shown = WIDGETS[field.widget] ?? TextWidget;
  const inline = field.widget === "boolean";
  return (
    <div className={`field ${wrong ? "wrong" : ""}`} data-field={field.name}>
      {!inline && (
        <label className="field-name" htmlFor={id} id={`${id}-name`}>
          {label}
          {required && (
            <span className="field-needed" title={t("field.needed")}>
              {t("field.needed")}
            </span>
          )}
        </label>
      )}
      {field.proof ? (
        <Slot field={field} filling={filling} label={label} />
      ) : (
        <Shown
          id={id}
          labelId={`${id}-name`}
          label={label}
          field={field}
          kind={kind}
          value={filling.values[field.name]}
          values={filling.values}
          computed={computed}
          wrong={wrong}
          problems={problems}
          describedBy={describedBy}
          change={(value) => filling.set(field.name, value)}
          changeOther={filling.set}
        />
      )}
      {kind.libraries.includes(field.name) && !field.proof && <Offered kind={kind} field={field} filling={filling} />}
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && (
        <ul className="field-wrong" id={`${id}-wrong`}>
          {problems.filter((reason) => field.widget !== "readings" || entryOf(reason) === null).map((reason) => (
            <li key={reason.code + reason.field}>{reason.text || reason.code}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Slot({ field, filling, label }: { field: Field; filling: Filling; label: string }) {
  if (field.widget === "signature") {
    return (
      <Suspense fallback={<div className="bone" style={{ height: 150 }} />}>
        <SignatureSlot label={label} change={(drawing) => filling.setProofs((before) => ({ ...before, drawing }))} />
      </Suspense>
    );
  }
  const Chosen = field.widget === "photos" ? PhotoSlot : FileSlot;
  return (
    <Chosen
      slot={field.name}
      label={label}
      max={field.schema.maxItems ?? 9}
      pieces={filling.proofs.pieces[field.name] ?? []}
      change={filling.setProofs}
    />
  );
}
