import { Segmented, Select } from "antd";

import type { Factor, Method, Rating } from "../../api/types";
import { useWords } from "../../words/words";
import type { WidgetProps } from "./widget";

type Rated = { method?: string; factors?: Record<string, number> };

/** Rating by one of the plant's methods: each factor is chosen from its own words; the level follows by itself. */
export function RiskWidget({ field, kind, value, wrong, change, computed }: WidgetProps) {
  const { t } = useWords();
  const source = kind.computed?.find((one) => one.from === field.name);
  const methods = source?.methods.filter((method) => !method.only_import) ?? [];
  const rated = (value ?? {}) as Rated;
  const method = methods.find((one) => one.key === rated.method) ?? methods[0];
  if (!source || !method) return <p className="soft">{t("risk.no_method")}</p>;
  const factors = rated.method === method.key ? (rated.factors ?? {}) : {};
  const rate = (factor: string, rating: number | undefined) => {
    const next = { ...factors };
    if (rating === undefined) delete next[factor];
    else next[factor] = rating;
    change({ method: method.key, factors: next });
  };
  const level = computed[source.field];
  return (
    <div className="risk-widget" aria-invalid={wrong}>
      {methods.length > 1 && (
        <Segmented
          aria-label={t("risk.method")}
          value={method.key}
          options={methods.map((one) => ({ value: one.key, label: one.name }))}
          onChange={(key) => change({ method: key, factors: {} })}
        />
      )}
      {method.factors.map((factor) => (
        <FactorPick
          key={factor.key}
          factor={factor}
          word={({ value: rating, text }) => text ?? kind.words[`${field.name}.${method.key}.${factor.key}.${rating}`]}
          value={factors[factor.key]}
          rate={(rating) => rate(factor.key, rating)}
        />
      ))}
      <p className="risk-sum num" aria-live="polite">
        {product(method, factors)}
        {typeof level === "string" && (
          <b className={`risk risk-${level}`}>
            <i aria-hidden />
            {kind.words[`${source.field}.${level}`] ?? level}
          </b>
        )}
      </p>
    </div>
  );
}

type FactorProps = {
  factor: Factor;
  word: (rating: Rating) => string | undefined;
  value: number | undefined;
  rate: (rating: number | undefined) => void;
};

function FactorPick({ factor, word, value, rate }: FactorProps) {
  const { t } = useWords();
  return (
    <div className="factor">
      <span className="factor-name" aria-hidden>
        {factor.name}
      </span>
      <Select
        size="large"
        style={{ width: "100%" }}
        aria-label={factor.name}
        placeholder={t("risk.choose")}
        value={value ?? null}
        onChange={(next: number | null) => rate(next ?? undefined)}
        options={factor.ratings.map((rating) => ({ value: rating.value, label: word(rating) ?? String(rating.value) }))}
      />
    </div>
  );
}

function product(method: Method, factors: Record<string, number>): string {
  const said = method.factors.map((factor) => factors[factor.key]?.toString() ?? "?");
  const known = method.factors.every((factor) => factors[factor.key] !== undefined);
  const score = method.factors.reduce((all, factor) => all * (factors[factor.key] ?? 0), 1);
  return `${said.join(" × ")}${known ? ` = ${Number(score.toFixed(4))}` : ""}`;
}
