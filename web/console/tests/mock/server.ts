/** Answers like the server from made-up values, so that pages can be looked at without one. Never shipped. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";

import type { Case, CaseBrief, Duty, Schema, Task } from "../../src/api/types";
import { forms, kind, tables } from "./pack";

const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const gate = (why: string | null = null) => ({ ok: why === null, why });
const person = { id: "p-017", name: "王建国" };

const TITLES = [
  "3号冲压机光栅被短接，运行中手可伸入模区",
  "配电柜 DB-07 柜门未关，母排裸露",
  "涂装车间南侧安全通道堆放周转箱，宽度不足 0.8 米",
  "叉车 FL-12 倒车报警不响",
  "危化品暂存间通风机停运，未挂停用牌",
  "机械手围栏门锁失效，可在自动模式下打开",
];
const LEVELS = ["red", "orange", "yellow", "blue"];
const AREAS = ["冲压车间", "焊装车间", "涂装车间", "总装车间", "危化品库", "配电房"];

function brief(n: number): CaseBrief {
  const open = n % 4 !== 3;
  return {
    id: `case-${n}`, version: 3, kind: "finding", kind_name: "隐患", number: `YH-2026-${String(200 + n).padStart(6, "0")}`, title: TITLES[n % 6]!,
    status: open ? "open" : "closed", stage: n % 3 === 2 ? "verify" : "rectify", stage_name: n % 3 === 2 ? "验收" : "整改", risk_level: LEVELS[n % 4]!, grade: n % 4 === 0 ? "major" : "general",
    area: { id: `area-${n % 6}`, name: AREAS[n % 6]! }, equipment: n % 2 ? null : { id: "eq-P3", number: "P3-300T", name: "300吨冲压机" }, category: "mechanical", category_name: "机械", source: "report", reporter: person, finder: person,
    found_at: at(-30), opened_at: at(-26 - n), due_at: at(n * 7 - 20), overdue_at: n * 7 < 20 ? at(n * 7 - 20) : null, closed_at: open ? null : at(-1), outcome: open ? null : "verified", outcome_name: open ? null : "验收通过", imported: n % 7 === 6, reopened: 0, owners: ["李志强", "电工班"], cycle_working_days: open ? null : 3.5,
  };
}

function duty(n: number, key: string, name: string, deed: string, form: string, more: Partial<Duty> = {}): Duty {
  return {
    no: n, key, name, stage: deed === "verify" ? "verify" : "rectify", stage_name: deed === "verify" ? "验收" : "整改", round: 1, deed, part: "lead", party: { text: "冲压车间 属地主管", kind: "post", id: "post:area_owner@area-0" }, holders: [{ id: "p-017", name: "王建国", on_duty: true }, { id: "p-018", name: "李志强", on_duty: false }],
    status: "open", opened_at: at(-20), due_at: at(1.9), breached_at: null, overdue: false, claimed_by: null, ended_at: null, ended_by: null, on_behalf_of: null, outcome: null, outcome_name: null, form: null, files: [], comparison: null, blind: false, form_key: form, prove: [], outcomes: [{ key: "done", name: "完成" }],
    rungs: [{ key: "remind", name: "提醒", at: at(-9), to_text: "责任人", reached: true }, { key: "due", name: "到期", at: at(1.9), to_text: "班组长", reached: false }, { key: "head", name: "升级", at: at(5.9), to_text: "安全部长", reached: false }],
    may: { do: gate(), claim: gate("已由您办理"), moves: [{ key: "extension", name: "申请延期", ok: true, why: null }, { key: "hand_over", name: "转交", ok: true, why: null }, { key: "defer", name: "挂账", ok: false, why: "只有高于黄色的隐患可以挂账" }] },
    ...more,
  };
}

const VERDICTS = [{ key: "pass", name: "通过" }, { key: "fail", name: "不通过" }, { key: "decline", name: "回避" }];
const photo = (slot: string, shade: string) => ({
  sha256: shade.repeat(11).slice(0, 64), slot, kind: "photo", media_type: "image/svg+xml", width: 1600, height: 1000, size: 20000, url: `/api/v1/files/${shade}?${slot}`, thumb_url: `/api/v1/files/${shade}?${slot}`, captured_at: at(-3), received_at: at(-3), captured_where: null, captured_by: person,
});

function whole(n: number): Case {
  const about = brief(n);
  const verify = about.stage === "verify";
  const comparison = { verdict: "cannot_tell", time_verdict: "pass", place_verdict: "cannot_tell", remarks: [{ code: "after_later", verdict: "pass", text: "整改后照片晚于整改前 2 小时 10 分" }, { code: "no_fix", verdict: "cannot_tell", text: "两张照片都没有定位，厂房内常见" }] };
  return {
    ...about, form: { description: `${about.title}。已拉警戒线，操作工已撤离。`, category: "mechanical", area: "area-0", equipment: "eq-P3", risk: { method: "lec", factors: { l: 6, e: 6, c: 7 } }, found_at: at(-30), finding_source: "daily" }, computed: { risk_level: about.risk_level },
    files: [photo("photo", "6c7a89")],
    duties: verify
      ? [duty(1, "receipt", "签收", "acknowledge", "receipt", { status: "discharged", ended_at: at(-19), ended_by: person, outcome: "done", outcome_name: "完成" }), duty(2, "rectify", "整改", "perform", "rectify", { status: "discharged", ended_at: at(-2), ended_by: person, outcome: "done", outcome_name: "完成", form: { containment: "停机挂牌", measure: "更换光栅安全继电器，恢复联锁，试运行 20 次正常" }, files: [photo("photo_before", "a0522d"), photo("photo_after", "2e8b57")], comparison }), duty(3, "desk", "双盲校验", "verify", "verify", { blind: true, outcomes: VERDICTS, comparison })]
      : [duty(1, "receipt", "签收", "acknowledge", "receipt", { status: "discharged", ended_at: at(-19), ended_by: person, outcome: "done", outcome_name: "完成" }), duty(2, "rectify", "整改", "perform", "rectify", { prove: ["photo_before", "photo_after", "signature"] }), duty(4, "rectify", "整改", "perform", "assist", { part: "assist", due_at: at(-50), opened_at: at(-90), may: { do: gate("由电工班办理；您不在该班组"), claim: gate("x"), moves: [] }, party: { text: "设备科", kind: "team", id: "t" }, holders: [] })],
    moves: [], links: [], may: { revise: gate(), note: gate(), moves: [{ key: "withdraw", name: "撤回", ok: false, why: "已派单，只能由安全员撤回" }] },
    tables: [{ table: "deadlines", table_name: "整改期限", version: "1.0", row: 4, outputs: { within: "3 天", clock: "自然时间" }, purpose: "rectify", purpose_name: "整改" }], blind: verify,
  };
}

const tasks = (): Task[] =>
  [0, 1, 2, 3, 4, 5].map((n) => ({ case: { ...brief(n), status: "open" }, duty: duty(n % 2 ? 1 : 2, n % 2 ? "receipt" : "rectify", n % 2 ? "签收" : "整改", n % 2 ? "acknowledge" : "perform", n % 2 ? "receipt" : "rectify", { due_at: at(n * 9 - 10), opened_at: at(-30) }) }));

const choices = {
  areas: AREAS.map((name, n) => ({ id: `area-${n}`, name, parent: n > 3 ? "area-0" : null, photos_allowed: n !== 4 })),
  equipment: [{ id: "eq-P3", number: "P3-300T", name: "300吨冲压机", area: "area-0" }, { id: "eq-DB7", number: "DB-07", name: "配电柜", area: "area-5" }],
  people: ["王建国", "李志强", "陈晓敏", "赵丽华"].map((name, n) => ({ id: `p-01${7 + n}`, name, number: `A10${n}`, team: "team-e" })),
  teams: [{ id: "team-e", name: "电工班" }], posts: [{ id: "area_owner", name: "属地主管", per_area: true }],
};
const page = (items: unknown[], total?: number) => ({ items, next: null, total });
const session = { account: { id: "a-1", login: "wang", roles: ["administrator"], person: { ...person, team: "冲压一班" } }, tenant: { id: "t", name: "华东汽车零部件", language: "zh", time_zone: "Asia/Shanghai" }, permissions: ["imports.make", "accounts.manage", "tokens", "packs.see", "plant.edit", "cases.export", "cases.report"], csrf_token: "x", expires_at: at(8) };
const schema: Schema = { type: "object", required: ["id", "name"], properties: { id: { type: "string", title: "标识" }, name: { type: "string", title: "名称" }, parent: { anyOf: [{ type: "string" }, { type: "null" }], title: "上级区域", "x-ref": "area" }, photos_allowed: { type: "boolean", title: "允许拍照", default: true }, aliases: { type: "array", items: { type: "string" }, title: "别名" } } };

function answer(method: string, path: string, query: URLSearchParams, language: string, body: Record<string, unknown>): unknown {
  const found = /^\/cases\/case-(\d+)(\/.*)?$/.exec(path);
  if (path === "/sessions" || path === "/sessions/current") return session;
  if (path === "/kinds") return page([kind(language)]);
  if (path.endsWith("/tables")) return page(tables());
  if (path === "/tasks/counts") return { mine: 6, overdue: 2, team: 14 };
  if (path === "/tasks") return page(tasks());
  if (path === "/notices") return page([{ id: "n1", at: at(-2), template: "x", text: "YH-2026-000200 整改将于 2 小时后到期", urgent: true, case: "case-0", number: "YH-2026-000200", duty: 2, seen_at: null }]);
  if (path === "/cases" && method === "GET") {
    const from = Number(query.get("after") ?? 0);
    return { items: Array.from({ length: 100 }, (_, n) => brief(from + n)), next: from < 99_900 ? String(from + 100) : null, total: 100_000 };
  }
  if (path === "/cases") return { ...brief(0), incomplete: [] };
  if (path === "/cases/similar") return page(query.get("equipment") ? [{ ...brief(0), score: 0.8 }] : []);
  if (path === "/cases/check") return check(body.form as Record<string, unknown>);
  if (found && found[2] === "/timeline") return page([{ version: 1, at: at(-26), by: person, type: "CaseOpened", text: "王建国 上报", detail: {} }, { version: 2, at: at(-26), by: null, type: "TableAnswered", text: "按《整改期限》第 4 行：3 天，自然时间", detail: {} }, { version: 3, at: at(-9), by: null, type: "RungReached", text: "用去一半时间仍未完成，已提醒责任人", detail: {} }]);
  if (found) return whole(Number(found[1]));
  if (path === "/plant/choices") return choices;
  if (path === "/plant/tree") return page(choices.areas.map((area, n) => ({ ...area, owners: n === 3 ? [] : ["王建国"], equipment: 9 - n, open_cases: n * 2, overdue_cases: n % 2 })));
  if (path.endsWith("/schema")) return schema;
  if (path.startsWith("/plant/")) return page(choices.areas.map((area) => ({ id: area.id, version: 1, body: area })));
  if (path === "/packs") return page([{ name: "finding", version: "1.0", title: "隐患排查治理", kinds: ["finding"], published_at: at(-200), published_by: "安装程序", current: true }]);
  if (path === "/imports" && method === "POST") return { id: "i1", file_name: query.get("file_name"), sheets: ["台账"], heads: ["序号", "发现日期", "区域", "隐患描述"], layout: { head_rows: [1], problems: [], columns: { found_at: { column: 1, head: "发现日期", confidence: 1 }, area: { column: 2, head: "区域", confidence: 0.6 }, description: { column: 3, head: "隐患描述", confidence: 0.9 } } }, fields: { found_at: "发现日期", area: "区域", description: "隐患描述" }, sample: [{ row: 3, status: "open", duplicate: false, values: { found_at: "2025-10-08", area: "冲压车间", description: "光栅短接" }, accepted: true, reasons: [] }, { row: 4, status: "open", duplicate: false, values: { found_at: "2025-10-09", area: "车间", description: "待整改" }, accepted: false, reasons: [{ code: "vague", field: "/description", text: "描述太笼统：写明部位和现象", params: {} }] }], counts: { rows: 287, accepted: 271, rejected: 16, duplicates: 0, skipped: 4 } };
  return page([]);
}

function check(form: Record<string, unknown> = {}) {
  const required = forms().report?.required ?? [];
  const missing = required.filter((name) => form[name] === undefined).map((name) => ({ code: "required", field: `/${name}`, text: "请填写", params: {} }));
  const risk = form.risk as { factors?: Record<string, number> } | undefined;
  const rated = Object.keys(risk?.factors ?? {}).length === 3;
  return { intake: [], dispatch: missing, computed: rated ? { risk_level: "orange", risk_level_by: { score: 252 } } : {}, preview: null };
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  try {
    return JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://mock");
  const path = url.pathname.replace("/api/v1", "");
  const language = request.headers["accept-language"]?.startsWith("en") ? "en" : "zh";
  if (path === "/live") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("event: ping\ndata: {}\n\n");
    return;
  }
  if (path.startsWith("/files/") && request.method === "GET") {
    const shade = /[0-9a-f]{6}/.exec(path)?.[0] ?? "888888";
    response.writeHead(200, { "content-type": "image/svg+xml" });
    response.end(`<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1000"><rect width="1600" height="1000" fill="#${shade}"/><text x="60" y="900" font-size="90" fill="#fff">${url.search}</text></svg>`);
    return;
  }
  const body = await read(request);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer(request.method ?? "GET", path, url.searchParams, language, body)));
}

export function mockServer(): Plugin {
  return {
    name: "mock-server",
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith("/api/")) void serve(request, response);
        else next();
      });
    },
  };
}
