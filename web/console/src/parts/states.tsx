import { Button } from "antd";
import type { ReactNode } from "react";

import { Problem, Unreachable } from "../api/problem";
import type { Reason } from "../api/types";
import { useWords, type Translate } from "../words/words";

/** Nothing here, and why that is good or what to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 96 72" fill="none" stroke="var(--line-strong)" strokeWidth="2" strokeLinecap="round" aria-hidden>
        <path d="M10 62h76M20 62V34l14 9V34l14 9V18h22v44" />
        <path d="M56 30h8M56 40h8M56 50h8" />
        <path d="m72 12 5 5 10-11" stroke="var(--accent)" strokeWidth="3" />
      </svg>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** What the error means and what can be done about it. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const { t } = useWords();
  return (
    <div className="empty" role="alert">
      <svg viewBox="0 0 96 72" fill="none" stroke="var(--line-strong)" strokeWidth="2" strokeLinecap="round" aria-hidden>
        <path d="M10 58h22m32 0h22M32 58a6 6 0 1 0 12 0m8 0a6 6 0 1 0 12 0" />
        <path d="M48 16v22M48 47v1" stroke="var(--late)" strokeWidth="4" />
      </svg>
      <h2>{failureTitle(error, t)}</h2>
      <p>{failureText(error, t)}</p>
      {again && <Button onClick={again}>{t("failure.again")}</Button>}
    </div>
  );
}

function failureTitle(error: unknown, t: Translate): string {
  if (error instanceof Unreachable) return t("failure.unreachable");
  if (error instanceof Problem && error.status === 404) return t("failure.missing");
  if (error instanceof Problem && error.status === 403) return t("failure.forbidden");
  return error instanceof Problem && error.title ? error.title : t("failure.broken");
}

/** One sentence for people; the server's own where it has one. */
export function failureText(error: unknown, t: Translate): string {
  if (error instanceof Unreachable) return t("failure.unreachable_text");
  if (error instanceof Problem) {
    const reasons = error.reasons.map((reason) => reason.text).filter(Boolean);
    return reasons.length > 0 ? reasons.join(" ") : error.detail || error.title || t("failure.broken_text");
  }
  return t("failure.broken_text");
}

/** The shape of what is being loaded. */
export function Bones({ heights = [88, 88, 88, 88] }: { heights?: number[] }) {
  const { t } = useWords();
  return (
    <div className="bones" aria-busy="true" aria-label={t("loading")} role="status">
      {heights.map((height, place) => (
        <div key={place} className="bone" style={{ height }} />
      ))}
    </div>
  );
}

export function Reasons({ reasons }: { reasons: Reason[] }) {
  if (reasons.length === 0) return null;
  return (
    <ul className="reasons">
      {reasons.map((reason, place) => (
        <li key={place}>{reason.text || reason.code}</li>
      ))}
    </ul>
  );
}

/** A name and its value. */
export function FactList({ facts }: { facts: { name: string; value: ReactNode; whole?: boolean }[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(({ value }) => value !== null && value !== undefined && value !== "")
        .map(({ name, value, whole }) => (
          <div key={name} className={whole ? "whole" : undefined}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function Person({ name, off }: { name: string; off?: boolean }) {
  return (
    <span className={`person ${off ? "off" : ""}`}>
      <i aria-hidden>{name.slice(0, 1)}</i>
      {name}
    </span>
  );
}

export function PageHead({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="page-head">
      <div className="grow">
        <h1>{title}</h1>
        {children && <p>{children}</p>}
      </div>
      {actions && <div className="row wrap">{actions}</div>}
    </header>
  );
}
