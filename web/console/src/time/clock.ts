/** Deadlines as people say them: "还有 1 小时 52 分", "3 days overdue". */

export type Language = "zh" | "en";
export type Urgency = "overdue" | "soon" | "today" | "calm";
export type Clock = { text: string; urgency: Urgency; ms: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = {
  zh: { day: "天", hour: "小时", minute: "分", under: "不到 1 分钟", gap: " " },
  en: { day: "d", hour: "h", minute: "min", under: "less than a minute", gap: " " },
} as const;

/** A length of time in its two largest units; days alone from three days on. */
export function span(ms: number, language: Language): string {
  const units = UNITS[language];
  const length = Math.abs(ms);
  if (length < MINUTE) return units.under;
  const days = Math.floor(length / DAY);
  const hours = Math.floor((length % DAY) / HOUR);
  const minutes = Math.floor((length % HOUR) / MINUTE);
  const said = (n: number, unit: string) => `${n}${units.gap}${unit}`;
  if (days >= 3) return said(days, units.day);
  if (days > 0) return hours > 0 ? `${said(days, units.day)} ${said(hours, units.hour)}` : said(days, units.day);
  if (hours > 0) return minutes > 0 ? `${said(hours, units.hour)} ${said(minutes, units.minute)}` : said(hours, units.hour);
  return said(minutes, units.minute);
}

/** What a deadline says now. A time as short as it was given from the start presses only once half of it has passed. */
export function clock(dueAt: string, now: number, language: Language, givenAt?: string): Clock {
  const ms = Date.parse(dueAt) - now;
  const length = span(ms, language);
  if (ms < 0) {
    return { text: language === "zh" ? `已超期 ${length}` : `${length} overdue`, urgency: "overdue", ms };
  }
  const presses = ms <= 2 * HOUR && (givenAt === undefined || share(givenAt, dueAt, now) >= 0.5);
  const urgency = presses ? "soon" : ms <= DAY ? "today" : "calm";
  return { text: language === "zh" ? `还有 ${length}` : `${length} left`, urgency, ms };
}

/** "3 小时前", "in 2 d", "刚刚". */
export function ago(at: string, now: number, language: Language): string {
  const ms = now - Date.parse(at);
  if (Math.abs(ms) < MINUTE) return language === "zh" ? "刚刚" : "just now";
  const length = span(ms, language);
  if (ms < 0) return language === "zh" ? `${length}后` : `in ${length}`;
  return language === "zh" ? `${length}前` : `${length} ago`;
}

/** Which part of the time from `from` to `until` has passed, 0 to 1 and beyond. */
export function share(from: string, until: string, now: number): number {
  const whole = Date.parse(until) - Date.parse(from);
  return whole <= 0 ? 1 : Math.max(0, (now - Date.parse(from)) / whole);
}

export type Due = "overdue" | "today" | "later";

/** The heap that a task lies on: past its deadline, due before the plant's midnight, or later. */
export function heap(dueAt: string, now: number, zone: string): Due {
  const due = Date.parse(dueAt);
  if (due < now) return "overdue";
  return dayOf(due, zone) === dayOf(now, zone) ? "today" : "later";
}

function dayOf(instant: number, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}
