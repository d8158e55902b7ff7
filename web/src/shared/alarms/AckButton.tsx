/** The way to acknowledge one alarm: with its word where there is room, a tick on a tablet. */

import { Check } from "lucide-react";
import type { Alarm } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import css from "./AckButton.module.css";
import { texts } from "./texts";
import { alarmText } from "./words";

export const AckButton = ({ alarm, onAck }: { alarm: Alarm; onAck: () => void }) => (
  <Button onClick={onAck} aria-label={texts().acknowledgeThis(alarmText(alarm))} title={texts().acknowledge}>
    <Check size={18} aria-hidden /><span className={css["text"]}>{texts().acknowledge}</span>
  </Button>
);
