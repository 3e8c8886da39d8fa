import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { get } from "../../api/client";
import type { Page, PlantItem, Schema, Values } from "../../api/types";

export function useItemSchema(kind: string) {
  return useQuery({
    queryKey: ["plant", kind, "schema"],
    queryFn: ({ signal }) => get<Schema>(`/plant/${kind}/schema`, {}, signal),
    staleTime: 5 * 60_000,
  });
}

export function useItems(kind: string, q = "", enabled = true) {
  const found = useInfiniteQuery({
    queryKey: ["plant", kind, "items", q],
    queryFn: ({ pageParam, signal }) => get<Page<PlantItem>>(`/plant/${kind}`, { q, limit: 200, after: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    enabled,
  });
  const items = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  return { ...found, items };
}

/** What an item is called: its name, else its id. */
export function nameOf(item: PlantItem): string {
  const { number, name } = item.body;
  return [number, name].filter((part): part is string => typeof part === "string" && part !== "").join(" ") || item.id;
}

/** Names by id of the kinds that a schema's fields refer to. */
export function useNames(kinds: string[]): Map<string, Map<string, string>> {
  const found = useQuery({
    queryKey: ["plant", "names", ...kinds],
    queryFn: ({ signal }) => Promise.all(kinds.map((kind) => everything(kind, signal))),
    enabled: kinds.length > 0,
  });
  return useMemo(
    () => new Map(kinds.map((kind, place) => [kind, new Map(found.data?.[place]?.map((item) => [item.id, nameOf(item)]) ?? [])])),
    [kinds, found.data],
  );
}

async function everything(kind: string, signal: AbortSignal): Promise<PlantItem[]> {
  const items: PlantItem[] = [];
  let after = "";
  do {
    const page = await get<Page<PlantItem>>(`/plant/${kind}`, { limit: 200, after }, signal);
    items.push(...page.items);
    after = page.next ?? "";
  } while (after);
  return items;
}

/** Kinds of items that the fields of a schema name. */
export function kindsNamed(schema: Schema | undefined): string[] {
  const found = new Set<string>();
  for (const part of Object.values(schema?.properties ?? {})) {
    if (typeof part === "boolean") continue;
    for (const one of [part, part.items, ...(part.anyOf ?? [])]) if (one?.["x-ref"]) found.add(one["x-ref"]);
  }
  return [...found].sort();
}

/** A part without the `null` that it may also be, and without the list around it. */
export function essence(root: Schema, part: Schema): Schema {
  const target = part.$ref?.startsWith("#/$defs/") ? root.$defs?.[part.$ref.slice("#/$defs/".length)] : undefined;
  const whole = target ? { ...target, ...part, $ref: undefined } : part;
  const options = (whole.anyOf ?? whole.oneOf ?? []).filter((one) => one.type !== "null");
  const chosen = options[0] ? { ...essence(root, options[0]), ...(whole.title ? { title: whole.title } : {}) } : whole;
  const types = [chosen.type ?? []].flat().filter((type) => type !== "null");
  return { ...chosen, type: types[0], ...(whole["x-ref"] ? { "x-ref": whole["x-ref"] } : {}) };
}

export const emptyBody = (schema: Schema): Values =>
  Object.fromEntries(
    Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
      typeof part === "object" && part.default !== undefined && part.default !== null ? [[name, part.default]] : [],
    ),
  );
