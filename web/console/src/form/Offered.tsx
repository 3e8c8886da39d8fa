import { BulbOutlined } from "@ant-design/icons";

import { useLibrary } from "../api/queries";
import type { Kind } from "../api/types";
import { useSettled } from "../parts/useSettled";
import { useWords } from "../words/words";
import type { Filling } from "./draft";
import type { Field } from "./reading";

const SHOWN = 5;

/** What the pack offers for a field: one tap fills it in, and what belongs to it. */
export function Offered({ kind, field, filling }: { kind: Kind; field: Field; filling: Filling }) {
  const { t } = useWords();
  const value = filling.values[field.name];
  const typed = useSettled(typeof value === "string" ? value : "", 300);
  const category = filling.values[kind.subject.category ?? "category"];
  const found = useLibrary(kind.key, field.name, typed, typeof category === "string" ? category : undefined);
  const items = (found.data?.items ?? []).slice(0, SHOWN);
  if (items.length === 0 || items.some((one) => one.text === value)) return null;
  return (
    <div className="offered" data-offered={field.name}>
      <p className="small soft">
        <BulbOutlined /> {t("offered.title")}
      </p>
      <ul>
        {items.map((one) => (
          <li key={one.key}>
            <button
              type="button"
              className="bare"
              onClick={() => filling.setValues((before) => ({ ...before, ...one.sets, [field.name]: one.text }))}
            >
              {one.text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
