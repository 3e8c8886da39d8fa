import { Select } from "antd";
import { useState } from "react";

import { useCases } from "../../api/queries";
import { useSettled } from "../../parts/useSettled";
import { useWords } from "../../words/words";
import { textOf, type WidgetProps } from "./widget";

/** Another case, found by number or words. */
export function CaseWidget({ id, value, wrong, describedBy, change }: WidgetProps) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const asked = useSettled(text.trim(), 250);
  const { items, isFetching } = useCases({ q: asked, status: "open", limit: 20 });
  return (
    <Select
      id={id}
      size="large"
      style={{ width: "100%" }}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={isFetching}
      placeholder={t("case.choose")}
      value={textOf(value) || null}
      status={wrong ? "error" : ""}
      aria-describedby={describedBy}
      options={items.map((one) => ({ value: one.id, label: `${one.number}  ${one.title}` }))}
      onChange={(next: string | undefined) => change(next)}
    />
  );
}
