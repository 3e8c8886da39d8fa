import { useId, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { BASE } from "../../api/client";
import { useWords } from "../../words/words";
import { middleOf, near, stepOf, within, type Corner, type Plan } from "./floor";

type Props = {
  plan: Plan;
  named: Map<string, string>;
  /** Corners of the outline that is being drawn; null: none is. */
  drawing: Corner[] | null;
  selected: number | null;
  draw: (corners: Corner[] | null) => void;
  finish: (corners: Corner[]) => void;
  select: (place: number | null) => void;
  move: (place: number, corners: Corner[]) => void;
};

/** The drawing itself. Corners are set by clicks, or with the arrow keys and Enter; those of a chosen outline are moved. */
export function FloorDrawing({ plan, named, drawing, selected, draw, finish, select, move }: Props) {
  const { t } = useWords();
  const hint = useId();
  const place = useRef<SVGSVGElement>(null);
  const [cursor, point] = useState<Corner>([plan.width / 2, plan.height / 2]);
  const [dragged, drag] = useState<number | null>(null);
  const chosen = selected === null ? undefined : plan.outlines[selected];
  const size = plan.width / 160;

  const at = (event: PointerEvent): Corner => {
    const box = place.current?.getBoundingClientRect();
    if (!box) return cursor;
    return within(plan, [((event.clientX - box.left) / box.width) * plan.width, ((event.clientY - box.top) / box.height) * plan.height]);
  };
  const set = (corner: Corner) => {
    if (!drawing) return;
    if (drawing.length >= 3 && near(plan, corner, drawing[0])) finish(drawing);
    else if (!near(plan, corner, drawing.at(-1))) draw([...drawing, corner]);
  };
  const onKey = (event: KeyboardEvent) => {
    if (!drawing || event.target !== place.current) return;
    const step = stepOf(plan, event.key, event.shiftKey);
    if (step) point(within(plan, [cursor[0] + step[0], cursor[1] + step[1]]));
    else if (event.key === "Enter" || event.key === " ") set(cursor);
    else if (event.key === "Backspace") draw(drawing.slice(0, -1));
    else if (event.key === "Escape") draw(null);
    else return;
    event.preventDefault();
  };
  const moveCorner = (corner: number, to: Corner) => {
    if (selected !== null && chosen) move(selected, chosen.corners.map((one, number) => (number === corner ? within(plan, to) : one)));
  };
  const onCornerKey = (event: KeyboardEvent, corner: number, [x, y]: Corner) => {
    const step = stepOf(plan, event.key, event.shiftKey);
    if (step) moveCorner(corner, [x + step[0], y + step[1]]);
    else if (event.key === "Delete" && selected !== null && chosen && chosen.corners.length > 3) move(selected, chosen.corners.filter((_, number) => number !== corner));
    else if (event.key === "Escape") select(null);
    else return;
    event.preventDefault();
  };
  const halves = chosen?.corners.map(([x, y], number): Corner => {
    const [nextX, nextY] = chosen.corners[(number + 1) % chosen.corners.length] ?? [x, y];
    return [(x + nextX) / 2, (y + nextY) / 2];
  });
  return (
    <div className="floor-frame">
      <svg
        ref={place}
        viewBox={`0 0 ${plan.width} ${plan.height}`}
        className={drawing ? "drawing" : undefined}
        role={drawing ? "application" : "group"}
        tabIndex={drawing ? 0 : undefined}
        aria-label={plan.name || t("plant.floor_plan")}
        aria-describedby={hint}
        onKeyDown={onKey}
        onPointerMove={(event) => {
          if (drawing) point(at(event));
          else if (dragged !== null) moveCorner(dragged, at(event));
        }}
        onPointerUp={() => drag(null)}
        onPointerLeave={() => drag(null)}
        onClick={(event) => (drawing ? set(at(event as unknown as PointerEvent)) : event.target === place.current && select(null))}
      >
        <rect width={plan.width} height={plan.height} fill="#f4f6f3" pointerEvents="none" />
        {plan.picture && <image href={`${BASE}/plant/floor_plan/pictures/${plan.picture}`} width={plan.width} height={plan.height} preserveAspectRatio="none" pointerEvents="none" />}
        {plan.outlines.map((one, number) => {
          const [x, y] = middleOf(one.corners);
          return (
            <g key={number} className={number === selected ? "outline chosen" : "outline"} onClick={() => !drawing && select(number)}>
              <polygon points={one.corners.join(" ")} />
              <text x={x} y={y} fontSize={size * 2.6} textAnchor="middle" dominantBaseline="middle">
                {named.get(one.area) ?? one.area}
              </text>
            </g>
          );
        })}
        {chosen?.corners.map((corner, number) => (
          <circle
            key={`corner ${number}`}
            className="corner"
            cx={corner[0]}
            cy={corner[1]}
            r={size * 1.3}
            tabIndex={0}
            role="button"
            aria-label={t("floor.corner", { n: number + 1, x: Math.round(corner[0]), y: Math.round(corner[1]) })}
            onKeyDown={(event) => onCornerKey(event, number, corner)}
            onPointerDown={() => drag(number)}
          />
        ))}
        {halves?.map((corner, number) => (
          <circle
            key={`half ${number}`}
            className="half"
            cx={corner[0]}
            cy={corner[1]}
            r={size * 0.85}
            onPointerDown={() => {
              if (selected === null || !chosen) return;
              move(selected, [...chosen.corners.slice(0, number + 1), within(plan, corner), ...chosen.corners.slice(number + 1)]);
              drag(number + 1);
            }}
          />
        ))}
        {drawing && (
          <g className="line" pointerEvents="none">
            <polyline points={[...drawing, cursor].join(" ")} />
            {drawing.map((corner, number) => (
              <circle key={number} cx={corner[0]} cy={corner[1]} r={size} />
            ))}
            <path d={`M${cursor[0] - size * 2} ${cursor[1]}h${size * 4}M${cursor[0]} ${cursor[1] - size * 2}v${size * 4}`} />
          </g>
        )}
      </svg>
      <p id={hint} className="soft small">
        {drawing ? t("floor.drawing_hint") : chosen ? t("floor.corner_hint") : t("floor.hint")}
      </p>
      <p className="hidden-but-said" aria-live="polite">
        {drawing ? t("floor.said", { n: drawing.length, x: Math.round(cursor[0]), y: Math.round(cursor[1]) }) : ""}
      </p>
    </div>
  );
}
