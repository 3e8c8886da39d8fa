import type { QueryClient } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { BASE } from "./client";

/** `waiting`: the stream broke off and is being taken up again; what is on screen may be old. */
export type Connection = "connected" | "waiting" | "offline";

const RETRY_MS = 3000;
const SILENCE_MS = 75_000;
let connection: Connection = navigator.onLine ? "connected" : "offline";
const listeners = new Set<() => void>();

function become(next: Connection): void {
  if (next === connection) return;
  connection = next;
  listeners.forEach((listener) => listener());
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}

/** Keeps what is on screen fresh while somebody is signed in. */
export function useLive(active: boolean): void {
  const client = useQueryClient();
  useEffect(() => (active ? stream(client) : undefined), [active, client]);
}

/** EventSource itself remembers Last-Event-ID while it reconnects; a source that gave up is opened anew and all is read again. */
function stream(client: QueryClient): () => void {
  let source: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let missed = false;

  const heard = () => {
    become("connected");
    clearTimeout(silence);
    silence = setTimeout(reopen, SILENCE_MS);
  };
  const refresh = (...keys: string[][]) => {
    heard();
    keys.forEach((queryKey) => void client.invalidateQueries({ queryKey }));
  };
  function open(): void {
    source = new EventSource(`${BASE}/live`);
    source.onopen = () => {
      heard();
      if (missed) void client.invalidateQueries();
      missed = false;
    };
    source.onerror = () => {
      missed = true;
      become(navigator.onLine ? "waiting" : "offline");
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(reopen, RETRY_MS);
    };
    source.addEventListener("ping", heard);
    source.addEventListener("missed", () => refresh([]));
    source.addEventListener("tasks", () => refresh(["tasks"]));
    source.addEventListener("notice", () => refresh(["notices"]));
    source.addEventListener("plant", () => refresh(["plant"]));
    source.addEventListener("case", (event) => refresh(["cases"], ["tasks"], ["case", caseId(event)]));
  }
  function reopen(): void {
    source?.close();
    clearTimeout(retry);
    missed = true;
    become(navigator.onLine ? "waiting" : "offline");
    open();
  }
  const offline = () => become("offline");
  window.addEventListener("online", reopen);
  window.addEventListener("offline", offline);
  open();
  return () => {
    source?.close();
    clearTimeout(retry);
    clearTimeout(silence);
    window.removeEventListener("online", reopen);
    window.removeEventListener("offline", offline);
  };
}

function caseId(event: MessageEvent<string>): string {
  try {
    return String((JSON.parse(event.data) as { id?: unknown }).id ?? "");
  } catch {
    return "";
  }
}
