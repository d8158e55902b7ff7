/** How far back, and where: usual ranges, a custom stretch, steps for fingers. */

import { ChevronLeft, ChevronRight, Play, ZoomIn, ZoomOut } from "lucide-react";
import { useState } from "react";
import { serverNow } from "@/shared/clock";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { CustomRange } from "./CustomRange";
import css from "./RangeBar.module.css";
import { texts } from "./texts";
import { moved, RANGES, usualRange, windowOf, zoomed } from "./window";

interface Props {
  view: View;
  onView: (view: View) => void;
  onBack: () => void;
  children?: React.ReactNode;
}

export function RangeBar({ view, onView, onBack, children }: Props) {
  const [asking, setAsking] = useState(false);
  const standing = view.from !== undefined;
  const usual = usualRange(view);
  const here = (): ReturnType<typeof windowOf> => windowOf(view, serverNow());
  return (
    <div className={css["bar"]}>
      <div className={css["ranges"]} role="group" aria-label={texts().range}>
        {RANGES.map((range) => (
          <Button key={range} look="quiet" aria-pressed={usual === range} onClick={() => onView({ range })}>{range === "365d" ? texts().year : range}</Button>
        ))}
        <Button look="quiet" aria-pressed={!usual} onClick={() => setAsking(true)}>{usual || standing ? texts().custom : texts().customIs(view.range ?? "")}</Button>
      </div>
      <div className={css["steps"]} role="group" aria-label={texts().moveAndZoom}>
        <Button look="quiet" aria-label={texts().earlier} title={texts().earlier} onClick={() => onView(moved(here(), -0.5, serverNow()))}><ChevronLeft size={20} /></Button>
        <Button look="quiet" aria-label={texts().later} title={texts().later} disabled={!standing} onClick={() => onView(moved(here(), 0.5, serverNow()))}><ChevronRight size={20} /></Button>
        <Button look="quiet" aria-label={texts().zoomIn} title={texts().zoomIn} onClick={() => onView(zoomed(here(), 0.5))}><ZoomIn size={20} /></Button>
        <Button look="quiet" aria-label={texts().zoomOut} title={texts().zoomOut} onClick={() => onView(zoomed(here(), 2))}><ZoomOut size={20} /></Button>
      </div>
      {children}
      {/* It keeps its place while it is not needed: a chart must not jump from under a finger. */}
      <Button look="main" className={css["back"] ?? ""} data-shown={standing} disabled={!standing} aria-label={texts().backToLive} onClick={onBack}>
        <Play size={16} aria-hidden /> <span className={css["long"]}>{texts().backToLive}</span><span className={css["short"]}>{texts().live}</span>
      </Button>
      {asking && <CustomRange view={view} onView={onView} onClose={() => setAsking(false)} />}
    </div>
  );
}
