import { fromWall } from "../../time/format";

/** What the register shows: its filters and order, as they stand in the address. */
export const FILTERS = [
  ...(["kind", "status", "stage", "area", "equipment", "category", "risk", "q", "mine", "overdue", "imported", "from", "to", "sort"] as const),
  ...(["found_from", "found_to", "closed_from", "closed_to", "area_only", "origin", "source", "team", "waits_for"] as const),
  ...(["outcome", "deferred", "reported", "team_parts"] as const),
] as const;
export type View = Partial<Record<(typeof FILTERS)[number], string>>;

export const DEFAULT_VIEW: View = { status: "open", sort: "-opened_at" };

export function readView(search: URLSearchParams): View {
  const view: View = {};
  for (const name of FILTERS) {
    const value = search.get(name);
    if (value) view[name] = value;
  }
  return { ...DEFAULT_VIEW, ...view };
}

/** The address of a view; what is as always is left out. */
export function writeView(view: View): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of FILTERS) {
    const value = view[name];
    if (value && value !== DEFAULT_VIEW[name]) search.set(name, value);
  }
  return search;
}

/** The view as the server is asked for it: days become instants by the plant's clock, the last day included. */
export function asQuery(view: View, zone: string): View {
  const next = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const asked = { ...view };
  for (const name of ["from", "found_from", "closed_from"] as const) asked[name] = view[name] && fromWall(`${view[name]}T00:00`, zone);
  for (const name of ["to", "found_to", "closed_to"] as const) asked[name] = view[name] && fromWall(`${next(view[name])}T00:00`, zone);
  return asked;
}

/** How many filters narrow the view beyond the usual. */
export function narrowing(view: View): number {
  return FILTERS.filter((name) => name !== "sort" && name !== "status" && name !== "q" && view[name]).length;
}

/** The order after a tap on a column's head: falling, rising, back to the usual. */
export function nextSort(field: string, sort: string): string {
  if (sort === `-${field}`) return field;
  return sort === field ? (DEFAULT_VIEW.sort ?? "") : `-${field}`;
}
