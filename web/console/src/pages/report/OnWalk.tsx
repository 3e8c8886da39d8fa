import { CheckCircleFilled } from "@ant-design/icons";
import { Link } from "react-router";

import type { Case, Reported } from "../../api/types";
import { LinkButton } from "../../parts/LinkButton";
import { useWords } from "../../words/words";

type Props = { walk: Case; found: Reported[] };

/** On which check this is written down, what was written down so far, and the way back to its record. */
export function OnWalk({ walk, found }: Props) {
  const { t } = useWords();
  const before = walk.links.filter((link) => link.relation === "child" && !found.some((made) => made.id === link.id)).length;
  return (
    <section className="card on-walk" aria-live="polite">
      <div className="row wrap">
        <span className="grow">
          <Link to={`/cases/${walk.id}`} className="num">
            {walk.number}
          </Link>{" "}
          <b>{walk.title}</b>
          <br />
          <span className="soft" data-testid="found">
            {t("walk.found", { n: before + found.length })}
          </span>
        </span>
        <LinkButton to={`/cases/${walk.id}`}>{t("walk.record")}</LinkButton>
      </div>
      {found[0] && (
        <p className="check-ready">
          <CheckCircleFilled /> {t("walk.next", { number: found[0].number })}
        </p>
      )}
    </section>
  );
}
