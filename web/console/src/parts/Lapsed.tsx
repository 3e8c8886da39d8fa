import { WarningOutlined } from "@ant-design/icons";

import type { LapsedName } from "../api/types";
import { useWords } from "../words/words";

/** What of a piece of equipment should have been renewed by now; nothing where all of it holds. */
export function Lapsed({ of }: { of: LapsedName[] | undefined }) {
  const { t } = useWords();
  return (of ?? []).map((one) => (
    <span key={one.name} className="tag late">
      <WarningOutlined aria-hidden /> {t("equipment.lapsed", { name: one.name, on: one.due_on })}
    </span>
  ));
}
