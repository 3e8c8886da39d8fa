import type { PlantItem } from "../../api/types";

export type Corner = [number, number];
export type Outline = { area: string; corners: Corner[] };
export type Plan = { id: string; name: string; site: string; width: number; height: number; picture: string; outlines: Outline[] };

/** A floor plan out of an item, with what stands at its default. */
export function planOf(item: PlantItem): Plan {
  const { id, name, site, width, height, picture, outlines } = item.body as Partial<Plan>;
  return { id: id ?? item.id, name: name ?? "", site: site ?? "", width: width ?? 1, height: height ?? 1, picture: picture ?? "", outlines: outlines ?? [] };
}

/** Within the drawing, in tenths of its units: nobody means more, and what is written stays short. */
export function within(plan: Plan, [x, y]: Corner): Corner {
  const held = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most) * 10) / 10;
  return [held(x, plan.width), held(y, plan.height)];
}

/** Whether two corners are as good as the same. */
export function near(plan: Plan, one: Corner, other: Corner | undefined): boolean {
  return other !== undefined && Math.hypot(one[0] - other[0], one[1] - other[1]) < plan.width * 0.012;
}

/** The same outlines on a picture of another size. */
export function stretched(plan: Plan, width: number, height: number): Plan {
  const [across, down] = [width / plan.width, height / plan.height];
  const outlines = plan.outlines.map((one) => ({ ...one, corners: one.corners.map(([x, y]): Corner => [x * across, y * down]) }));
  const next = { ...plan, width, height };
  return { ...next, outlines: outlines.map((one) => ({ ...one, corners: one.corners.map((corner) => within(next, corner)) })) };
}

/** How far an arrow key moves, in the drawing's units; a fourth of it with the shift key. */
export function stepOf(plan: Plan, key: string, fine: boolean): Corner | undefined {
  const far = (plan.width / 100) * (fine ? 0.25 : 1);
  const moves: Record<string, Corner> = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] };
  return moves[key];
}

/** Where a name stands well: the middle of the box around an outline. */
export function middleOf(corners: Corner[]): Corner {
  const [xs, ys] = [corners.map((one) => one[0]), corners.map((one) => one[1])];
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}
