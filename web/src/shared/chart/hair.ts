/** The crosshair over a chart: a line at the instant all charts point at, and a dot on each line of this one. */

import type { Colours } from "./colours";
import type { Line } from "./lines";
import { pointAt } from "./reading";
import css from "./Chart.module.css";

export class Hair {
  private readonly line = document.createElement("i");
  private dots: HTMLElement[] = [];
  private shown = false;

  constructor(private readonly over: HTMLElement) {
    this.line.className = css["hair"] ?? "";
    this.line.hidden = true;
    over.append(this.line);
  }

  /** `x`, `y`: places in CSS pixels; nothing is shown outside the chart. */
  show(ts: number | null, lines: readonly Line[], colours: Colours, x: (ts: number) => number, y: (line: Line, value: number) => number): void {
    const { clientWidth: width, clientHeight: height } = this.over;
    const at = ts === null ? -1 : x(ts);
    const inside = at >= 0 && at <= width;
    if (!inside && !this.shown) return;
    this.shown = inside;
    this.line.hidden = !inside;
    if (inside) this.line.style.transform = `translateX(${Math.round(at)}px)`;
    this.grow(lines.length);
    lines.forEach((line, i) => {
      const dot = this.dots[i];
      const point = inside && ts !== null ? pointAt(line.track, ts) : null;
      if (!dot) return;
      const [left, top] = point ? [x(point.ts), y(line, point.value)] : [-1, -1];
      dot.hidden = !point || left < 0 || left > width || top < 0 || top > height;
      if (dot.hidden) return;
      dot.style.transform = `translate(${left}px, ${top}px)`;
      dot.style.background = line.colour === undefined ? colours.trace : colours.line(line.colour);
      dot.style.opacity = line.thin ? "0.45" : "";
    });
  }

  private grow(count: number): void {
    while (this.dots.length < count) {
      const dot = document.createElement("i");
      dot.className = css["dot"] ?? "";
      this.over.append(dot);
      this.dots.push(dot);
    }
    this.dots.splice(count).forEach((dot) => dot.remove());
  }
}
