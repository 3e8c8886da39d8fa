import { Risk } from "../../parts/Risk";
import { useWords } from "../../words/words";
import type { WidgetProps } from "./widget";

type By = { method?: string; score?: number };

/** A value that the plant's own tables compute; nobody types it. */
export function ComputedWidget({ id, field, kind, computed }: WidgetProps) {
  const { t } = useWords();
  const value = computed[field.name];
  const by = computed[`${field.name}_by`] as By | undefined;
  if (value === undefined || value === null) {
    return (
      <output id={id} className="computed soft">
        {t("computed.waiting")}
      </output>
    );
  }
  return (
    <output id={id} className="computed row wrap">
      <Risk level={String(value)} kind={kind.key} />
      {by?.score !== undefined && <span className="soft num">{t("computed.score", { score: by.score })}</span>}
    </output>
  );
}
