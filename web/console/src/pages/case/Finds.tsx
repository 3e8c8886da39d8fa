import { PlusOutlined } from "@ant-design/icons";

import { useKind } from "../../api/queries";
import type { Case } from "../../api/types";
import { LinkButton } from "../../parts/LinkButton";
import { useWords } from "../../words/words";

/** What was found at this case so far, and the way to write down the next. */
export function Finds({ about }: { about: Case }) {
  const { t } = useWords();
  const kind = useKind(about.finds?.kind);
  if (!about.finds || !kind) return null;
  const count = about.links.filter((link) => link.relation === "child").length;
  const { ok, why } = about.finds;
  const isWalk = !about.reviews;
  return (
    <section className="card row wrap finds">
      <span className="grow">
        <b>{t("walk.found", { n: count })}</b>
        <br />
        <span className="soft">{ok ? t(isWalk ? "walk.hint" : "meeting.action_hint") : why}</span>
      </span>
      <LinkButton type="primary" size="large" icon={<PlusOutlined />} disabled={!ok} to={`/report/${kind.key}?parent=${about.id}`}>
        {t("walk.add", { kind: kind.name })}
      </LinkButton>
    </section>
  );
}
