import { SearchOutlined } from "@ant-design/icons";
import { AutoComplete, Input, type RefSelectProps } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useCases } from "../api/queries";
import { useSettled } from "../parts/useSettled";
import { Risk } from "../parts/Risk";
import { useWords } from "../words/words";

/** Finds a case by number or words from anywhere; `/` puts the cursor here. */
export function Jump() {
  const { t } = useWords();
  const go = useNavigate();
  const [text, setText] = useState("");
  const asked = useSettled(text.trim(), 250);
  const field = useRef<RefSelectProps>(null);
  const { items } = useCases({ q: asked, status: "all", limit: 8 }, asked.length > 1);

  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).closest("input, textarea, [contenteditable]");
      if (event.key !== "/" || typing) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);

  const leave = (to: string) => {
    setText("");
    field.current?.blur();
    void go(to);
  };
  return (
    <div className="jump">
      <AutoComplete
        ref={field}
        style={{ width: "100%" }}
        value={text}
        onChange={setText}
        onSelect={(id: string) => leave(`/cases/${id}`)}
        popupMatchSelectWidth={460}
        options={(asked.length > 1 ? items : []).map((one) => ({
          value: one.id,
          label: (
            <span className="row">
              <span className="num soft">{one.number}</span>
              <span className="grow clip">{one.title}</span>
              <Risk level={one.risk_level} kind={one.kind} />
            </span>
          ),
        }))}
      >
        <Input
          aria-label={t("jump.label")}
          placeholder={t("jump.hint")}
          prefix={<SearchOutlined />}
          variant="filled"
          onPressEnter={() => text.trim() && leave(`/register?status=all&q=${encodeURIComponent(text.trim())}`)}
        />
      </AutoComplete>
    </div>
  );
}
