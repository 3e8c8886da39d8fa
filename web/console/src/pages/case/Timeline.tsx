import { useTimeline } from "../../api/queries";
import { Ago } from "../../parts/Clock";
import { Bones, Failure } from "../../parts/states";
import { useWords } from "../../words/words";

const LOUD = new Set(["DutyBreached", "RungReached", "CaseReopened"]);
const GLAD = new Set(["CaseClosed", "DutyDischarged", "CaseOpened"]);

/** The whole history in words, newest first: who, when, by which rule. */
export function Timeline({ id }: { id: string }) {
  const { t } = useWords();
  const { data, error, isPending, refetch } = useTimeline(id);
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline" className="section-title">
        {t("timeline.title")} {data && <span className="count">{data.items.length}</span>}
      </h2>
      {isPending ? (
        <Bones heights={[40, 40, 40, 40, 40]} />
      ) : error ? (
        <Failure error={error} again={() => void refetch()} />
      ) : (
        <ol className="timeline">
          {[...data.items].reverse().map((item, place) => (
            <li key={`${item.version}/${place}`} className={LOUD.has(item.type) ? "loud" : GLAD.has(item.type) ? "glad" : ""}>
              <p className="lines">{item.text}</p>
              <p className="small soft">
                <Ago at={item.at} />
                {item.by ? ` · ${item.by.name}` : ""}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
