import { Problem, Unreachable } from "./problem";

/** What every request carries; set at sign-in and when the language changes. */
const caller = { csrf: "", language: "zh" };
let signedOut: () => void = () => undefined;

export function setCsrf(token: string): void {
  caller.csrf = token;
}

export function setLanguage(language: string): void {
  caller.language = language;
}

/** Called when the server no longer knows the session. */
export function onSignedOut(act: () => void): void {
  signedOut = act;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export type Asked = {
  query?: Query;
  body?: unknown;
  /** Bytes instead of JSON, such as a photo or an Excel file. */
  raw?: Blob;
  mediaType?: string;
  /** The same for every try of one doing, so that sending twice does it once. */
  idempotencyKey?: string;
  ifMatch?: string | number;
  signal?: AbortSignal;
};

export const BASE = "/api/v1";

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false)
    .map(([name, value]) => [name, String(value)] as [string, string]);
  const search = new URLSearchParams(pairs).toString();
  return `${BASE}${path}${search ? `?${search}` : ""}`;
}

export function headers(method: string, asked: Asked): Record<string, string> {
  const found: Record<string, string> = { Accept: "application/json", "Accept-Language": caller.language };
  if (method !== "GET") found["X-CSRF-Token"] = caller.csrf;
  if (asked.body !== undefined) found["Content-Type"] = "application/json";
  if (asked.raw) found["Content-Type"] = asked.mediaType ?? (asked.raw.type || "application/octet-stream");
  if (asked.idempotencyKey) found["Idempotency-Key"] = asked.idempotencyKey;
  if (asked.ifMatch !== undefined) found["If-Match"] = `"${asked.ifMatch}"`;
  return found;
}

/** One request; throws Problem for a refusal and Unreachable where no answer came. */
export async function ask<T>(method: string, path: string, asked: Asked = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(address(path, asked.query), {
      method,
      headers: headers(method, asked),
      body: asked.raw ?? (asked.body === undefined ? undefined : JSON.stringify(asked.body)),
      credentials: "same-origin",
      signal: asked.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  if (answer.ok) return (await read(answer)) as T;
  const problem = await problemOf(answer);
  if (problem.status === 401 && path !== "/sessions") signedOut();
  throw problem;
}

async function read(answer: Response): Promise<unknown> {
  if (answer.status === 204) return undefined;
  return (answer.headers.get("content-type") ?? "").includes("json") ? answer.json() : answer.text();
}

async function problemOf(answer: Response): Promise<Problem> {
  try {
    const body: unknown = await answer.json();
    return new Problem(answer.status, typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {});
  } catch {
    return new Problem(answer.status, {});
  }
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) => ask<T>("GET", path, { query, signal });
export const post = <T>(path: string, body: unknown, idempotencyKey?: string) =>
  ask<T>("POST", path, { body, idempotencyKey });
