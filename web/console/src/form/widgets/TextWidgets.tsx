import { Button, Input, InputNumber, Space } from "antd";

import { useSession } from "../../api/session";
import { fromWall, toWall } from "../../time/format";
import { useWords } from "../../words/words";
import { numberOf, textOf, type WidgetProps } from "./widget";

const status = (wrong: boolean) => (wrong ? ("error" as const) : ("" as const));

export function TextWidget({ id, field, value, wrong, describedBy, change }: WidgetProps) {
  return (
    <Input
      id={id}
      size="large"
      value={textOf(value)}
      maxLength={field.schema.maxLength}
      status={status(wrong)}
      aria-describedby={describedBy}
      aria-invalid={wrong}
      onChange={(event) => change(event.target.value)}
    />
  );
}

export function LongTextWidget({ id, field, value, wrong, describedBy, change }: WidgetProps) {
  return (
    <Input.TextArea
      id={id}
      value={textOf(value)}
      maxLength={field.schema.maxLength}
      autoSize={{ minRows: 3, maxRows: 12 }}
      status={status(wrong)}
      aria-describedby={describedBy}
      aria-invalid={wrong}
      onChange={(event) => change(event.target.value)}
    />
  );
}

export function NumberWidget({ id, field, value, wrong, describedBy, change }: WidgetProps) {
  return (
    <InputNumber
      id={id}
      size="large"
      style={{ width: "100%", maxWidth: 220 }}
      value={numberOf(value)}
      min={field.schema.minimum}
      max={field.schema.maximum}
      precision={field.schema.type === "integer" ? 0 : undefined}
      inputMode="decimal"
      status={status(wrong)}
      aria-describedby={describedBy}
      onChange={(next) => change(next)}
    />
  );
}

/** Date and time by the plant's clock, whatever the device's zone. */
export function DateTimeWidget({ id, value, wrong, describedBy, change, field }: WidgetProps) {
  const { t } = useWords();
  const zone = useSession().tenant.time_zone;
  const at = textOf(value);
  return (
    <Space.Compact style={{ width: "100%", maxWidth: 360 }}>
      <Input
        id={id}
        size="large"
        type="datetime-local"
        value={at ? toWall(at, zone) : ""}
        status={status(wrong)}
        aria-describedby={describedBy}
        onChange={(event) => change(event.target.value ? fromWall(event.target.value, zone) : undefined)}
      />
      {!field.schema["x-future"] && (
        <Button size="large" onClick={() => change(new Date().toISOString())}>
          {t("field.now")}
        </Button>
      )}
    </Space.Compact>
  );
}

export function DateWidget({ id, value, wrong, describedBy, change }: WidgetProps) {
  return (
    <Input
      id={id}
      size="large"
      type="date"
      style={{ maxWidth: 220 }}
      value={textOf(value)}
      status={status(wrong)}
      aria-describedby={describedBy}
      onChange={(event) => change(event.target.value || undefined)}
    />
  );
}
