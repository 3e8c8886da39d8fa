import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { address, ask, onSignedOut, post, setCsrf, setLanguage } from "../src/api/client";
import { byField, Problem, Unreachable } from "../src/api/problem";
import { sha256, sha256Hex } from "../src/api/sha256";
import { uuid7 } from "../src/api/uuid";

const sent = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": status < 400 ? "application/json" : "application/problem+json" } });

beforeEach(() => vi.stubGlobal("fetch", sent));
afterEach(() => {
  vi.unstubAllGlobals();
  sent.mockReset();
});

describe("a request", () => {
  it("carries language, CSRF token and idempotency key", async () => {
    setCsrf("token");
    setLanguage("en");
    sent.mockResolvedValue(json(201, { id: "1" }));
    expect(await post("/cases", { a: 1 }, "key-1")).toEqual({ id: "1" });
    const [url, init] = sent.mock.calls[0]!;
    expect(url).toBe("/api/v1/cases");
    expect(init.headers).toMatchObject({ "X-CSRF-Token": "token", "Accept-Language": "en", "Idempotency-Key": "key-1", "Content-Type": "application/json" });
    expect(init.body).toBe('{"a":1}');
  });

  it("sends a version as a quoted tag", async () => {
    sent.mockResolvedValue(new Response(null, { status: 204 }));
    expect(await ask("PUT", "/plant/area/a", { body: {}, ifMatch: 7 })).toBeUndefined();
    expect(sent.mock.calls[0]![1].headers).toMatchObject({ "If-Match": '"7"' });
  });

  it("leaves out of the address what was not said", () => {
    expect(address("/cases", { q: "", mine: false, status: "open", after: null, overdue: true })).toBe("/api/v1/cases?status=open&overdue=true");
  });
});

describe("an answer", () => {
  it("that refuses becomes a problem with its reasons", async () => {
    sent.mockResolvedValue(json(422, { code: "refused", title: "No", reasons: [{ code: "vague", field: "/description", text: "say more", params: {} }], case: "c-1" }));
    const problem = await post("/cases", {}).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 422, code: "refused", more: { case: "c-1" } });
    expect((problem as Problem).reasons[0]?.text).toBe("say more");
  });

  it("that never came is told apart from a refusal", async () => {
    sent.mockRejectedValue(new TypeError("failed to fetch"));
    await expect(post("/cases", {})).rejects.toBeInstanceOf(Unreachable);
  });

  it("of a lost session signs out, but not one of a wrong password", async () => {
    const out = vi.fn();
    onSignedOut(out);
    sent.mockResolvedValue(json(401, {}));
    await expect(post("/sessions", {})).rejects.toBeInstanceOf(Problem);
    expect(out).not.toHaveBeenCalled();
    sent.mockResolvedValue(json(401, {}));
    await expect(ask("GET", "/tasks")).rejects.toBeInstanceOf(Problem);
    expect(out).toHaveBeenCalledOnce();
  });

  it("that is no JSON is still a problem", async () => {
    sent.mockResolvedValue(new Response("<html>", { status: 502 }));
    await expect(ask("GET", "/tasks")).rejects.toMatchObject({ status: 502, code: "http_502" });
  });
});

describe("reasons", () => {
  it("are gathered by field and proof slot", () => {
    const reason = (field: string) => ({ code: "x", field, text: "", params: {} });
    const found = byField([reason("/risk/factors/l"), reason("/proofs/photo_after"), reason("/risk"), reason("")]);
    expect([...found.keys()]).toEqual(["risk", "photo_after", ""]);
    expect(found.get("risk")).toHaveLength(2);
  });
});

describe("ids", () => {
  it("are UUIDv7: in order of time, never the same", () => {
    const ids = Array.from({ length: 50 }, (_, n) => uuid7(1_780_000_000_000 + n));
    expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(Array.from({ length: 100 }, () => uuid7(5))).size).toBe(100);
  });
});

describe("hashes", () => {
  it("made by ourselves equal the standard's at every length of the last block", async () => {
    for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, n) => (n * 31) % 256);
      const expected = createHash("sha256").update(bytes).digest("hex");
      expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(expected);
      expect(await sha256Hex(bytes.buffer)).toBe(expected);
    }
  });
});
