import { Tag } from "antd";

import { useChoices, useKind } from "../../api/queries";
import { useWords, type Translate } from "../../words/words";
import type { View } from "./view";

type Names = { team: (id: string) => string; source: (key: string) => string; outcome: (key: string) => string };
type Part = { filters: (keyof View)[]; text: (view: View, t: Translate, names: Names) => string | undefined };

const days = (first: string | undefined, last: string | undefined) => (first || last ? `${first ?? "…"} – ${last ?? "…"}` : undefined);
const named = (word: string, value: string | undefined) => value && `${word}: ${value}`;

/** What figures narrow the register by and no control shows: each can be taken away. */
const PARTS: Part[] = [
  { filters: ["origin"], text: (view, t) => view.origin && t(view.origin === "live" ? "narrowed.live" : "narrowed.register") },
  { filters: ["imported"], text: (view, t) => view.imported && t(view.imported === "true" ? "narrowed.history" : "narrowed.not_history") },
  { filters: ["found_from", "found_to"], text: (view, t) => named(t("narrowed.found"), days(view.found_from, view.found_to)) },
  { filters: ["closed_from", "closed_to"], text: (view, t) => named(t("narrowed.closed"), days(view.closed_from, view.closed_to)) },
  { filters: ["area_only"], text: (view, t) => view.area_only && t("narrowed.area_only") },
  { filters: ["source"], text: (view, t, names) => view.source && named(t("narrowed.source"), names.source(view.source)) },
  { filters: ["team"], text: (view, t, names) => view.team && named(t("narrowed.team"), names.team(view.team)) },
  { filters: ["outcome"], text: (view, t, names) => view.outcome && named(t("narrowed.outcome"), names.outcome(view.outcome)) },
  { filters: ["waits_for"], text: (view, t) => named(t("narrowed.waits"), waits(view.waits_for, t)) },
  { filters: ["deferred"], text: (view, t) => view.deferred === "true" ? t("narrowed.deferred") : undefined },
  { filters: ["reported"], text: (view, t) => view.reported && t("narrowed.reported") },
  { filters: ["team_parts"], text: (view, t) => view.team_parts && t("narrowed.team_parts") },
];

const WAITS = ["receipt", "work", "approval", "verification", "deferral"] as const;

function waits(key: string | undefined, t: Translate): string | undefined {
  const known = WAITS.find((one) => one === key);
  return known && t(`narrowed.${known}`);
}

export function Narrowed({ view, change }: { view: View; change: (view: View) => void }) {
  const { t } = useWords();
  const { data: choices } = useChoices();
  const kind = useKind(view.kind);
  const names: Names = {
    team: (id) => choices?.teams.find((one) => one.id === id)?.name ?? id,
    source: (key) => kind?.words[`${kind.subject.source ?? "source"}.${key}`] ?? key,
    outcome: (key) => kind?.words[`outcome.${key}`] ?? key,
  };
  const shown = PARTS.map((part) => ({ ...part, said: part.text(view, t, names) })).filter((part) => part.said);
  if (shown.length === 0) return null;
  return (
    <div className="narrowed">
      {shown.map((part) => (
        <Tag key={part.filters[0]} closable onClose={() => change({ ...view, ...Object.fromEntries(part.filters.map((name) => [name, undefined])) })}>
          {part.said}
        </Tag>
      ))}
    </div>
  );
}
