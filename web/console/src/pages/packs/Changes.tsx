import type { PackChange, PackChanges, PackFact } from "../../api/types";
import { useWords, type WordKey } from "../../words/words";

const GROUPS: [WordKey, PackChange["what"][]][] = [
  ["packs.group_flow", ["kind", "stage", "duty", "move", "paper"]],
  ["packs.group_tables", ["table", "row"]],
  ["packs.group_forms", ["form", "field"]],
  ["packs.group_rest", ["ladder", "words"]],
];
const SHOWN = 24;

/** What publishing would change: what is new, what is other, what is gone; each with before and after. */
export function Changes({ changes }: { changes: PackChanges }) {
  const { t } = useWords();
  if (changes.files.length === 0) return <p className="soft">{t("packs.nothing_new")}</p>;
  return (
    <section data-testid="changes" className="stack tight">
      <h3 className="row">
        {t("packs.changes")} <span className="tag">{changes.items.length}</span>
      </h3>
      {changes.items.length === 0 && <p className="soft">{t("packs.files_only")}</p>}
      {GROUPS.map(([name, parts]) => {
        const members = changes.items.filter((one) => parts.includes(one.what));
        return (
          members.length > 0 && (
            <div key={name} className="change-group">
              <h4>{t(name)}</h4>
              <ul>
                {members.map((one) => (
                  <Change key={one.where} change={one} />
                ))}
              </ul>
            </div>
          )
        );
      })}
      <details className="change-files">
        <summary>{t("packs.files", { n: changes.files.length })}</summary>
        <ul className="num small">
          {changes.files.map((one) => (
            <li key={one.path} className="row">
              <ChangeTag change={one.change} />
              <span className="clip">{one.path}</span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Change({ change }: { change: PackChange }) {
  const { t } = useWords();
  const facts = change.facts.slice(0, SHOWN);
  const whole = change.change !== "changed";
  const list = (
    <dl className="change-facts">
      {facts.map((fact) => (
        <Fact key={fact.name} fact={fact} />
      ))}
      {change.facts.length > SHOWN && <dd className="soft">{t("packs.more", { n: change.facts.length - SHOWN })}</dd>}
    </dl>
  );
  return (
    <li data-where={change.where}>
      <p className="row wrap">
        <ChangeTag change={change.change} />
        {change.what !== "words" && <span className="soft">{t(`packs.part_${change.what}` as WordKey)}</span>}
        <b>{change.name}</b>
        {change.within && <span className="soft small">{change.within}</span>}
      </p>
      {facts.length > 0 &&
        (whole ? (
          <details>
            <summary className="small soft">{t("packs.details")}</summary>
            {list}
          </details>
        ) : (
          list
        ))}
    </li>
  );
}

function Fact({ fact }: { fact: PackFact }) {
  return (
    <>
      <dt>{fact.name}</dt>
      <dd>
        {fact.before !== null && <del>{fact.before}</del>}
        {fact.before !== null && fact.after !== null && " → "}
        {fact.after !== null && <ins>{fact.after}</ins>}
      </dd>
    </>
  );
}

function ChangeTag({ change }: { change: PackChange["change"] }) {
  const { t } = useWords();
  const look = { added: "accent", changed: "", removed: "late" }[change];
  return <span className={`tag ${look}`}>{t(`packs.${change}` as WordKey)}</span>;
}
