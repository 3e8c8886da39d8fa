import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { get, type Query } from "./client";
import { Problem } from "./problem";
import type {
  Briefing,
  Case,
  CaseBrief,
  Choices,
  DecisionTable,
  EarlierCases,
  Kind,
  Meeting,
  Notice,
  Offered,
  PackVersion,
  Page,
  Papers,
  PhotoFindings,
  PlantNode,
  SavedView,
  Similar,
  Statistics,
  Task,
  TaskCounts,
  TimelineItem,
} from "./types";

/** Refusals are final; only what got no answer, or a server in trouble, is asked again. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
      },
    },
  });
}

const SLOW = { staleTime: 5 * 60_000 };

export function useKinds() {
  return useQuery({ queryKey: ["kinds"], queryFn: ({ signal }) => get<Page<Kind>>("/kinds", {}, signal), ...SLOW });
}

export function useKind(key: string | undefined): Kind | undefined {
  const { data } = useKinds();
  return data?.items.find((kind) => kind.key === key);
}

/** The kinds that a person can report. */
export function useReportable(): Kind[] {
  const { data } = useKinds();
  return useMemo(() => (data?.items ?? []).filter((kind) => kind.raised_by.includes("report")), [data]);
}

/** A kind's word for a key such as `category.fire`; the key's own end where the pack has none. */
export function wordOf(kind: Kind | undefined, key: string): string {
  return kind?.words[key] ?? key.split(".").at(-1) ?? key;
}

export function useTables(kind: string) {
  return useQuery({
    queryKey: ["kinds", kind, "tables"],
    queryFn: ({ signal }) => get<Page<DecisionTable>>(`/kinds/${kind}/tables`, {}, signal),
    ...SLOW,
  });
}

export function useChoices() {
  return useQuery({
    queryKey: ["plant", "choices"],
    queryFn: ({ signal }) => get<Choices>("/plant/choices", {}, signal),
    ...SLOW,
  });
}

export function usePlantTree() {
  return useQuery({
    queryKey: ["plant", "tree"],
    queryFn: ({ signal }) => get<Page<PlantNode>>("/plant/tree", {}, signal),
  });
}

/** Pages of a list, one after another, flattened. */
function usePaged<T>(key: unknown[], path: string, query: Query, enabled = true) {
  const found = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => get<Page<T>>(path, { ...query, after: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled,
  });
  const items = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  return { ...found, items, total: found.data?.pages[0]?.total ?? null };
}

export const useTasks = (scope: "mine" | "team") => usePaged<Task>(["tasks", scope], "/tasks", { scope, limit: 100 });
export const useCases = (query: Query, enabled = true) =>
  usePaged<CaseBrief>(["cases", query], "/cases", { limit: 100, ...query }, enabled);

export function useTaskCounts() {
  return useQuery({
    queryKey: ["tasks", "counts"],
    queryFn: ({ signal }) => get<TaskCounts>("/tasks/counts", {}, signal),
  });
}

/** Figures of a kind of case; counted anew each minute, not with each case that changes. */
export function useStatistics(kind: string | undefined, query: Query) {
  return useQuery({
    queryKey: ["statistics", kind, query],
    queryFn: ({ signal }) => get<Statistics>(`/statistics/${kind}`, query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    enabled: kind !== undefined,
  });
}

export function useMeeting(month: string) {
  return useQuery({
    queryKey: ["meeting", month],
    queryFn: ({ signal }) => get<Meeting>("/reports/meeting", { month }, signal),
  });
}

/** A team's briefing; counted anew each minute, for it hangs on a wall. */
export function useBriefing(team: string | undefined) {
  return useQuery({
    queryKey: ["tasks", "briefing", team],
    queryFn: ({ signal }) => get<Briefing>("/briefing", { team }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    enabled: team !== undefined,
  });
}

export function useNotices() {
  return useQuery({
    queryKey: ["notices"],
    queryFn: ({ signal }) => get<Page<Notice>>("/notices", {}, signal),
  });
}

export function useCase(id: string) {
  return useQuery({
    queryKey: ["case", id],
    queryFn: ({ signal }) => get<Case>(`/cases/${id}`, {}, signal),
    enabled: id !== "",
  });
}

export function useEarlier(id: string) {
  return useQuery({
    queryKey: ["case", id, "earlier"],
    queryFn: ({ signal }) => get<EarlierCases>(`/cases/${id}/earlier`, {}, signal),
    enabled: id !== "",
  });
}

export function useTimeline(id: string) {
  return useQuery({
    queryKey: ["case", id, "timeline"],
    queryFn: ({ signal }) => get<Page<TimelineItem>>(`/cases/${id}/timeline`, {}, signal),
  });
}

export function usePapers(id: string) {
  return useQuery({
    queryKey: ["case", id, "papers"],
    queryFn: ({ signal }) => get<Papers>(`/cases/${id}/papers`, {}, signal),
  });
}

/** Whether everything about the photos is said: what cannot be examined is settled too. */
export const isSettled = (found: PhotoFindings) => found.complete && found.photos.every((photo) => photo.state !== "waits");

/** What photos have in common with earlier ones; asked again while comparisons are under way. */
export function usePhotoFindings(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["case", id, "photos"],
    queryFn: ({ signal }) => get<PhotoFindings>(`/cases/${id}/photos`, {}, signal),
    refetchInterval: ({ state }) => (state.data && !isSettled(state.data) ? 4000 : false),
    enabled,
  });
}

export function useSimilar(query: Query, enabled: boolean) {
  return useQuery({
    queryKey: ["cases", "similar", query],
    queryFn: ({ signal }) => get<Page<Similar>>("/cases/similar", query, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** What the pack offers for a field, once something was typed or a category chosen. */
export function useLibrary(kind: string, field: string, q: string, category: string | undefined) {
  return useQuery({
    queryKey: ["kinds", kind, "library", field, q, category],
    queryFn: ({ signal }) => get<Page<Offered>>(`/kinds/${kind}/library`, { field, q, category }, signal),
    enabled: q.trim().length > 1 || category !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function usePacks() {
  return useQuery({ queryKey: ["packs"], queryFn: ({ signal }) => get<Page<PackVersion>>("/packs", {}, signal) });
}

export function useViews() {
  return useQuery({
    queryKey: ["views"],
    queryFn: ({ signal }) => get<Page<SavedView>>("/views", {}, signal),
  });
}

/** After something was done to a case: whatever shows it is read again. */
export function useRefresh() {
  const client = useQueryClient();
  return useCallback(
    async (id?: string) => {
      await Promise.all(
        [["tasks"], ["cases"], ["notices"], ...(id ? [["case", id]] : [])].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
    },
    [client],
  );
}
