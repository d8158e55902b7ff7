/** The page's colours for a canvas, which knows no style sheet. */

export interface Colours {
  ink: string;
  soft: string;
  grid: string;
  trace: string;
  band: string;
  font: string;
}

export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"),
    soft: of("--ink-faint"),
    grid: of("--line"),
    trace: of("--trace"),
    band: of("--trace-band"),
    font: `12px ${of("--font")}`,
  };
}
