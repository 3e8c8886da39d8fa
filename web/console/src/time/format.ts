import type { Language } from "./clock";

const LOCALES = { zh: "zh-CN", en: "en-GB" } as const;

/** Date and time by the plant's clock; this year is not repeated. */
export function dateTime(at: string | number, language: Language, zone: string, now: number = Date.now()): string {
  const instant = new Date(at);
  const sameYear = year(instant.getTime(), zone) === year(now, zone);
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: zone,
    ...(sameYear ? {} : { year: "numeric" }),
    month: language === "zh" ? "numeric" : "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(instant);
}

/** The day alone. */
export function day(at: string | number, language: Language, zone: string): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: zone,
    year: "numeric",
    month: language === "zh" ? "2-digit" : "short",
    day: "2-digit",
  }).format(new Date(at));
}

/** `2026-11-24` by the plant's clock, as filters want it. */
export function isoDay(at: number, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** Hours and minutes alone. */
export function time(at: string | number, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
    new Date(at),
  );
}

/** Minutes by which the zone is ahead of UTC at an instant. */
export function offsetMinutes(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return Math.round((wall - Math.floor(at / 1000) * 1000) / 60_000);
}

/** The wall time `YYYY-MM-DDTHH:mm` of an instant in a zone, and back. */
export function toWall(at: string, zone: string): string {
  const instant = Date.parse(at);
  return new Date(instant + offsetMinutes(instant, zone) * 60_000).toISOString().slice(0, 16);
}

export function fromWall(wall: string, zone: string): string {
  const asUtc = Date.parse(`${wall.slice(0, 16)}:00Z`);
  const guess = asUtc - offsetMinutes(asUtc, zone) * 60_000;
  return new Date(asUtc - offsetMinutes(guess, zone) * 60_000).toISOString().replace(".000Z", "Z");
}

function year(at: number, zone: string): string {
  return new Intl.DateTimeFormat("en", { timeZone: zone, year: "numeric" }).format(at);
}
