/** A stretch of time by its two ends; one that ends now moves on with the clock. */

import { useState } from "react";
import { serverNow } from "@/shared/clock";
import { momentMs, momentTexts, typedText } from "@/shared/format/moment";
import { timeZone } from "@/shared/format/time";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, Hint, Row } from "@/shared/ui/Form";
import { MomentField } from "@/shared/ui/MomentField";
import { words } from "@/shared/ui/texts";
import { texts } from "./texts";
import { USUAL_RANGE, viewOf } from "./window";

interface Props {
  view: View;
  onView: (view: View) => void;
  onClose: () => void;
}

export function CustomRange({ view, onView, onClose }: Props) {
  const [now] = useState(serverNow);
  const [from, setFrom] = useState(view.from === undefined ? `-${view.range ?? USUAL_RANGE}` : typedText(view.from));
  const [to, setTo] = useState(view.to === undefined ? "now" : typedText(view.to));
  const chosen = viewOf(from, to, now);
  const wrong = momentMs(from, now) >= momentMs(to, now) ? texts().endFirst : "";
  return (
    <Dialog title={texts().showFromTo} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); if (chosen) { onView(chosen); onClose(); } }}>
        <Row>
          <MomentField label={texts().from} value={from} now={now} onText={setFrom} />
          <MomentField label={texts().to} value={to} now={now} onText={setTo} />
        </Row>
        <Hint>{wrong || texts().howTyped(momentTexts().all, timeZone())}</Hint>
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={!chosen}>{texts().show}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
