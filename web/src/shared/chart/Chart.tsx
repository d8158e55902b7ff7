/** A chart on the page: a canvas that follows its tracks without React in between, for mouse, fingers and keys. */

import { useEffect, useRef } from "react";
import { serverNow } from "@/shared/clock";
import { onTheme } from "@/shared/preferences/theme";
import { Canvas, trace, type Asked } from "./canvas";
import css from "./Chart.module.css";
import { deedOf } from "./keys";
import { texts } from "./texts";

interface Props extends Asked {
  /** What is drawn, for who does not see it. */
  label: string;
  /** Id of an element that tells it in a sentence. */
  describedBy?: string;
}

function act(e: React.KeyboardEvent, props: Asked): void {
  const { sight, view, lines, onPick, onBack } = props;
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const deed = deedOf(e.key, e.shiftKey, lines[0]?.track, sight.ts, sight.window(view, serverNow()), serverNow());
  if (!deed) return;
  e.preventDefault();
  if (deed.kind === "point") sight.point(deed.ts);
  else if (deed.kind === "view") onPick(deed.stretch);
  else if (deed.kind === "trace") trace(props, deed.ts);
  else onBack();
}

export function Chart(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const now = useRef(props);
  useEffect(() => {
    now.current = props;
  });
  // An axis more, or other limits beside it, need another layout.
  const layout = JSON.stringify([props.axes, props.times]);
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    let chart = new Canvas(box, now);
    const size = new ResizeObserver(() => chart.resize());
    size.observe(box);
    const end = onTheme(() => {
      chart.end();
      chart = new Canvas(box, now);
    });
    return () => {
      end();
      size.disconnect();
      chart.end();
    };
  }, [layout]);
  return (
    <div className={css["chart"]} tabIndex={0} role="application" aria-roledescription={texts().chart} aria-label={texts().keys(props.label)}
      aria-describedby={props.describedBy} onKeyDown={(e) => act(e, props)} onDoubleClick={props.onBack}>
      <div ref={place} className={css["canvas"]} role="img" aria-label={props.label} />
    </div>
  );
}
