import type { Period } from "./view";

/** The days that a choice means, `today` being the plant's; the whole time has none. */
export function daysOf(choice: string, today: string): Period {
  const back = (days: number) => new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
  if (choice === "30" || choice === "90") return { from: back(Number(choice) - 1), to: today };
  if (choice === "year") return { from: `${today.slice(0, 4)}-01-01`, to: today };
  return {};
}

export const CHOICES = ["30", "90", "year", "all"] as const;
