import { useEffect, useRef } from "react";

import { useTone } from "../../theme/theme";
import { begin, knowMap, type Chart, type Option } from "./charts";

export type Ink = Record<"accent" | "soft" | "late" | "lateSoft" | "ink" | "ink3" | "line" | "surface" | "sans", string>;

type Props = {
  label: string;
  /** In px; or as wide as there is room, in the ratio of width to height. */
  height?: number;
  ratio?: number;
  /** A drawing that the chart colours, known by its name. */
  map?: { name: string; svg: string };
  draw: (ink: Ink) => Option;
  choose?: (key: string) => void;
};

/**
 * A chart by ECharts, in the page's own colours. It is a picture: what it shows stands beside it as text too. Its tip is
 * drawn in the canvas, since the content security policy lets nobody write styles into the page.
 */
export default function Drawn({ label, height, ratio, map, draw, choose }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(null);
  const chosen = useRef(choose);
  chosen.current = choose;
  const { pick } = useTone();
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = begin(element);
    chart.current = made;
    made.on("click", (event) => {
      const key = (event.data as { key?: string } | undefined)?.key;
      if (key) chosen.current?.(key);
    });
    const watching = new ResizeObserver(() => made.resize());
    watching.observe(element);
    return () => {
      watching.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    if (map) knowMap(map.name, map.svg);
    chart.current?.setOption({ animation: false, ...draw(inkOfPage()) }, { notMerge: true });
  }, [draw, map, pick]);
  return <div ref={place} role="img" aria-label={label} style={ratio ? { aspectRatio: ratio } : { height }} />;
}

function inkOfPage(): Ink {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    accent: of("--accent"),
    soft: of("--accent-soft"),
    late: of("--late"),
    lateSoft: of("--late-soft"),
    ink: of("--ink"),
    ink3: of("--ink-3"),
    line: of("--line"),
    surface: of("--surface"),
    sans: of("--sans"),
  };
}
