/** What the register shows: its filters and order, as they stand in the address. */
export const FILTERS = ["kind", "status", "stage", "area", "equipment", "category", "risk", "q", "mine", "overdue", "imported", "from", "to", "sort"] as const;
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

/** How many filters narrow the view beyond the usual. */
export function narrowing(view: View): number {
  return FILTERS.filter((name) => name !== "sort" && name !== "status" && name !== "q" && view[name]).length;
}

/** The order after a tap on a column's head: falling, rising, back to the usual. */
export function nextSort(field: string, sort: string): string {
  if (sort === `-${field}`) return field;
  return sort === field ? (DEFAULT_VIEW.sort ?? "") : `-${field}`;
}
