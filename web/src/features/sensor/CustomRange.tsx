/** A stretch of time by its two ends, in local time. */

import { useState } from "react";
import { localText, timeZone } from "@/shared/format/time";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, Row, TextField } from "@/shared/ui/Form";

interface Props {
  start: { from: number; to: number };
  onView: (view: View) => void;
  onClose: () => void;
}

export function CustomRange({ start, onView, onClose }: Props) {
  const [from, setFrom] = useState(localText(start.from));
  const [to, setTo] = useState(localText(start.to));
  const [a, b] = [new Date(from).getTime(), new Date(to).getTime()];
  const good = b > a;
  return (
    <Dialog title="Show from – to" onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); onView({ from: a, to: b }); onClose(); }}>
        <Row>
          <TextField label="From" type="datetime-local" step="1" value={from} onText={setFrom} required />
          <TextField label="To" type="datetime-local" step="1" value={to} onText={setTo} required hint={good ? timeZone() : "The end must be after the start."} />
        </Row>
        <Buttons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={!good}>Show</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
