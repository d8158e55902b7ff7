/** A stretch of time by its two ends; one that ends now moves on with the clock. */

import { useState } from "react";
import { serverNow } from "@/shared/clock";
import { MOMENTS, momentMs, typedText } from "@/shared/format/moment";
import { timeZone } from "@/shared/format/time";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, Row } from "@/shared/ui/Form";
import { MomentField } from "@/shared/ui/MomentField";
import { Note } from "@/shared/ui/Page";
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
  const wrong = momentMs(from, now) >= momentMs(to, now) ? "The end must be after the start." : "";
  return (
    <Dialog title="Show from – to" onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); if (chosen) { onView(chosen); onClose(); } }}>
        <Row>
          <MomentField label="From" value={from} now={now} onText={setFrom} />
          <MomentField label="To" value={to} now={now} onText={setTo} />
        </Row>
        <Note>{wrong || `Write ${MOMENTS}. Times are ${timeZone()}.`}</Note>
        <Buttons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={!chosen}>Show</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
