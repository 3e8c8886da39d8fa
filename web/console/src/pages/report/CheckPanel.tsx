import { CheckCircleFilled } from "@ant-design/icons";

import type { Checked, Kind, Reason } from "../../api/types";
import { fieldsOf, labelOf } from "../../form/reading";
import { Clock } from "../../parts/Clock";
import { useWords } from "../../words/words";

/** What is still needed before it can be dispatched, field by field, and what will then happen. */
export function CheckPanel({ kind, checked, empty }: { kind: Kind; checked: Checked | null; empty: boolean }) {
  const { t } = useWords();
  const missing = checked ? [...checked.intake, ...checked.dispatch] : [];
  const foreseen = checked?.preview?.duties ?? [];
  return (
    <section className="card check" aria-live="polite">
      <h2>{missing.length === 0 && checked && !empty ? t("check.ready") : t("check.title")}</h2>
      {empty ? (
        <p className="soft">{t("check.empty")}</p>
      ) : missing.length === 0 && checked ? (
        <p className="check-ready">
          <CheckCircleFilled /> {t("check.ready_text")}
        </p>
      ) : (
        <ul className="check-list check-missing">
          {missing.map((reason) => (
            <Missing key={reason.field + reason.code} kind={kind} reason={reason} />
          ))}
        </ul>
      )}
      {foreseen.length > 0 && (
        <>
          <h3 className="check-then">{t("check.then")}</h3>
          <ul className="check-list">
            {foreseen.map((duty, place) => (
              <li key={place} className="row">
                <span className="grow">
                  <b>{duty.name}</b>
                  <span className="soft"> {duty.party.text}</span>
                </span>
                <Clock dueAt={duty.due_at} />
              </li>
            ))}
          </ul>
        </>
      )}
      {missing.length > 0 && !empty && <p className="soft small">{t("check.anyway")}</p>}
    </section>
  );
}

function Missing({ kind, reason }: { kind: Kind; reason: Reason }) {
  const name = reason.field.split("/").filter(Boolean)[0];
  const field = fieldsOf(kind.form).find((one) => one.name === name);
  const show = () => {
    const place = document.querySelector(`[data-field="${name ?? ""}"]`);
    place?.scrollIntoView({ behavior: "smooth", block: "center" });
    place?.querySelector<HTMLElement>("input, textarea, button")?.focus({ preventScroll: true });
  };
  return (
    <li>
      <button type="button" className="bare" onClick={show}>
        {field && <b>{labelOf(kind, field)}</b>} <span className="soft">{reason.text || reason.code}</span>
      </button>
    </li>
  );
}
