import { BarChart, LineChart, MapChart, TreemapChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, registerMap, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, MapChart, TreemapChart, GeoComponent, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export type Option = EChartsCoreOption;
export type Chart = EChartsType;

/** A chart in an element; only what is registered above is in the bundle. */
export const begin = (element: HTMLElement): Chart => init(element, undefined, { renderer: "canvas" });

/** Makes a drawing known as a map: its shapes that have a `name` can be coloured and chosen. */
export const knowMap = (name: string, svg: string): void => registerMap(name, { svg });
