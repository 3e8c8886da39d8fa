import { MergeCellsOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";

import { post } from "../../api/client";
import { useRefresh, useSimilar } from "../../api/queries";
import type { Kind, Similar, Values } from "../../api/types";
import { uuid7 } from "../../api/uuid";
import type { Filling } from "../../form/draft";
import { usesOf } from "../../form/proofs";
import { Ago } from "../../parts/Clock";
import { Risk } from "../../parts/Risk";
import { failureText } from "../../parts/states";
import { useSettled } from "../../parts/useSettled";
import { useWords } from "../../words/words";

type Props = { kind: Kind; values: Values; filling: Filling; join: (id: string) => void };

/** Open cases that are likely the same; one tap adds what was seen to one of them instead of making another. */
export function Likely({ kind, values, filling, join }: Props) {
  const { t } = useWords();
  const text = textOf(kind, values);
  const subject = (word: string) => {
    const value = values[kind.subject[word] ?? ""];
    return typeof value === "string" ? value : undefined;
  };
  const query = { kind: kind.key, area: subject("area"), equipment: subject("equipment"), category: subject("category"), text: useSettled(text, 500) };
  const { data } = useSimilar(query, Boolean(query.equipment ?? query.area) || query.text.length > 5);
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="card likely" aria-live="polite">
      <h2>{t("likely.title")}</h2>
      <p className="soft">{t("likely.text")}</p>
      <ul>
        {items.slice(0, 4).map((one) => (
          <LikelyOne key={one.id} one={one} text={text} filling={filling} joined={() => join(one.id)} />
        ))}
      </ul>
    </section>
  );
}

function LikelyOne({ one, text, filling, joined }: { one: Similar; text: string; filling: Filling; joined: () => void }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [key] = useState(() => uuid7());
  const join = async () => {
    setBusy(true);
    try {
      await post(`/cases/${one.id}/join`, { text: text || t("likely.seen_too"), files: usesOf(filling.proofs) }, key);
      void message.success(t("likely.joined", { number: one.number }));
      filling.reset();
      await refresh(one.id);
      joined();
    } catch (error) {
      void message.error(failureText(error, t));
      setBusy(false);
    }
  };
  return (
    <li>
      <div className="row wrap">
        <Link to={`/cases/${one.id}`} className="num">
          {one.number}
        </Link>
        <Risk level={one.risk_level} kind={one.kind} />
        <span className="soft small">
          <Ago at={one.opened_at} />
        </span>
      </div>
      <p>{one.title}</p>
      <Button icon={<MergeCellsOutlined />} loading={busy} onClick={() => void join()}>
        {t("likely.join")}
      </Button>
    </li>
  );
}

/** The longest text of the report: what it says in words. */
function textOf(kind: Kind, values: Values): string {
  return Object.entries(kind.form.properties ?? {})
    .filter(([, part]) => typeof part === "object" && part["x-widget"] === "longtext")
    .map(([name]) => values[name])
    .filter((value): value is string => typeof value === "string")
    .join(" ")
    .slice(0, 300);
}
