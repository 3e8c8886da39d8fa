import { describe, expect, it } from "vitest";

import { ago, clock, heap, share, span } from "../src/time/clock";
import { dateTime, fromWall, isoDay, toWall } from "../src/time/format";

const NOW = Date.parse("2026-11-24T06:00:00Z");
const in_ = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

describe("a deadline in words", () => {
  it("says what is left in its two largest units", () => {
    expect(clock(in_(112), NOW, "zh")).toMatchObject({ text: "还有 1 小时 52 分", urgency: "soon" });
    expect(clock(in_(60 * 26), NOW, "en")).toMatchObject({ text: "1 d 2 h left", urgency: "calm" });
    expect(clock(in_(60 * 5), NOW, "zh").urgency).toBe("today");
  });

  it("presses once half of a short time has passed, not from its first minute", () => {
    expect(clock(in_(119), NOW, "zh", in_(-1)).urgency).toBe("today");
    expect(clock(in_(59), NOW, "zh", in_(-61)).urgency).toBe("soon");
    expect(clock(in_(60 * 3), NOW, "zh", in_(-60 * 24)).urgency).toBe("today");
    expect(clock(in_(-1), NOW, "zh", in_(-121)).urgency).toBe("overdue");
  });

  it("says by how much it is overdue", () => {
    expect(clock(in_(-3 * 24 * 60 - 5), NOW, "zh")).toMatchObject({ text: "已超期 3 天", urgency: "overdue" });
    expect(clock(in_(-1), NOW, "en").text).toBe("1 min overdue");
  });

  it("holds at the edges", () => {
    expect(span(59_999, "zh")).toBe("不到 1 分钟");
    expect(span(0, "en")).toBe("less than a minute");
    expect(span(3_600_000, "zh")).toBe("1 小时");
    expect(clock(in_(0), NOW, "zh").urgency).toBe("soon");
    expect(span(400 * 24 * 3_600_000, "zh")).toBe("400 天");
  });

  it("tells past from future", () => {
    expect(ago(in_(-120), NOW, "zh")).toBe("2 小时前");
    expect(ago(in_(120), NOW, "en")).toBe("in 2 h");
    expect(ago(in_(0), NOW, "zh")).toBe("刚刚");
  });

  it("burns from nothing to beyond the whole", () => {
    expect(share(in_(-60), in_(60), NOW)).toBeCloseTo(0.5);
    expect(share(in_(10), in_(60), NOW)).toBe(0);
    expect(share(in_(-60), in_(-30), NOW)).toBe(2);
    expect(share(in_(0), in_(0), NOW)).toBe(1);
  });
});

describe("the plant's day", () => {
  it("ends at the plant's midnight, not at the device's", () => {
    expect(heap("2026-11-24T15:59:00Z", NOW, "Asia/Shanghai")).toBe("today");
    expect(heap("2026-11-24T16:01:00Z", NOW, "Asia/Shanghai")).toBe("later");
    expect(heap("2026-11-24T05:59:00Z", NOW, "Asia/Shanghai")).toBe("overdue");
  });

  it("is shown by the plant's clock", () => {
    expect(dateTime("2026-11-24T06:05:00Z", "zh", "Asia/Shanghai", NOW)).toContain("14:05");
    expect(dateTime("2025-11-24T06:05:00Z", "en", "Asia/Shanghai", NOW)).toContain("2025");
    expect(isoDay(Date.parse("2026-11-24T17:00:00Z"), "Asia/Shanghai")).toBe("2026-11-25");
  });
});

describe("wall time", () => {
  it("survives there and back in any zone, over a change of clocks too", () => {
    for (const [at, zone] of [
      ["2026-11-24T06:05:00Z", "Asia/Shanghai"],
      ["2026-03-29T01:30:00Z", "Europe/Berlin"],
      ["2026-07-01T12:00:00Z", "America/St_Johns"],
    ] as const) {
      expect(fromWall(toWall(at, zone), zone)).toBe(at);
    }
    expect(toWall("2026-11-24T06:05:00Z", "Asia/Shanghai")).toBe("2026-11-24T14:05");
  });
});
