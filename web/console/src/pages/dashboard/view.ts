import { writeView, type View } from "../register/view";

export type Period = { from?: string; to?: string };
export type Reach = "reported" | "team" | "plant";

const OVERSEE = ["administrator", "safety_officer", "manager", "auditor"];

/** What each is shown first: a worker what they reported, a team leader their team, who oversees the plant all of it. */
export function firstReach(roles: string[]): Reach {
  if (roles.some((role) => OVERSEE.includes(role))) return "plant";
  return roles.includes("team_leader") ? "team" : "reported";
}

/** The register's address for the rows of a figure. */
export function rowsOf(rows: Record<string, string>): string {
  const search = writeView(rows as View).toString();
  return `/register${search ? `?${search}` : ""}`;
}

/** A figure as people read it. */
export function shown(value: number | null, unit: string, language: string): string {
  if (value === null) return "—";
  const digits = unit === "share" ? { style: "percent" as const, maximumFractionDigits: 1 } : { maximumFractionDigits: unit === "count" ? 2 : 1 };
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", digits).format(value);
}
