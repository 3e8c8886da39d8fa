import type { Case, Kind } from "../../api/types";
import { Ago } from "../../parts/Clock";
import { useWords } from "../../words/words";
import { WishFiles } from "./FileTiles";
import { FormFacts } from "./FormFacts";

/** What was asked for: what still waits for a decision, then what was decided. */
export function PendingMoves({ about, kind }: { about: Case; kind: Kind }) {
  const { t } = useWords();
  if (about.moves.length === 0) return null;
  return (
    <section className="card">
      <h2 className="section-title">{t("moves.title")}</h2>
      <ul className="duties">
        {[...about.moves].reverse().map((move) => {
          const form = kind.moves.find((one) => one.key === move.key)?.form;
          const schema = form ? kind.forms[form] : undefined;
          return (
            <li key={move.no}>
              <p className="row wrap">
                <b>{move.name}</b>
                <span className={`tag ${move.granted === null ? "accent" : ""}`}>
                  {move.granted === null ? t("moves.waiting") : move.granted ? t("moves.granted") : t("moves.refused")}
                </span>
                <span className="grow" />
                {move.by && <span>{move.by.name}</span>}
                <span className="small soft">
                  <Ago at={move.asked_at} />
                </span>
              </p>
              {schema && <FormFacts form={schema} kind={kind} values={move.form} />}
              <WishFiles files={move.files} kind={kind} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
