import { BarChart, LineChart, TreemapChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, TreemapChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export type Option = EChartsCoreOption;
export type Chart = EChartsType;

/** A chart in an element; only what is registered above is in the bundle. */
export const begin = (element: HTMLElement): Chart => init(element, undefined, { renderer: "canvas" });
