/** The page's colours for a canvas, which knows no style sheet. */

import { SEVERITIES } from "@/shared/plant/condition";

export interface Colours {
  ink: string;
  soft: string;
  grid: string;
  panel: string;
  trace: string;
  /** Behind a line: from its least to its greatest values. */
  band: string;
  /** Between the limits, where all is well. */
  normal: string;
  severity: (name: string) => string;
  /** Colour of one of several lines in a chart. */
  line: (index: number) => string;
  font: string;
}

/** So many colours are apart for every eye; from then on dashes tell lines apart. */
export const LINE_COLOURS = 7;

/** Read them anew after the theme has changed: reading is slow, drawing must not be. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  const severity = new Map(SEVERITIES.map((name: string) => [name, of(`--${name}`)]));
  const lines = Array.from({ length: LINE_COLOURS }, (_, i) => of(`--line-${i + 1}`));
  return {
    ink: of("--ink"),
    soft: of("--ink-faint"),
    grid: of("--grid"),
    panel: of("--panel"),
    trace: of("--trace"),
    band: of("--trace-band"),
    normal: of("--normal-band"),
    severity: (name) => severity.get(name) ?? of("--ink"),
    line: (index) => lines[index % LINE_COLOURS] ?? of("--trace"),
    font: `12px ${of("--font")}`,
  };
}
