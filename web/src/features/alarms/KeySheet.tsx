/** What keys do in the list of alarms. */

import { Dialog } from "@/shared/ui/Dialog";
import css from "./KeySheet.module.css";
import { texts } from "./texts";

const KEYS = [
  ["move", "j", "k", "↓", "↑"], ["page", "Page↓", "Page↑"], ["ends", "Home", "End"], ["open", "Enter"], ["pick", "x"], ["extend", "⇧ j", "⇧ k"],
  ["all", "Ctrl a"], ["none", "Esc"], ["ack", "a"], ["shelve", "s"], ["help", "?"],
] as const;

export function KeySheet({ onClose }: { onClose: () => void }) {
  const { keysTitle, keyTexts } = texts();
  return (
    <Dialog title={keysTitle} onClose={onClose}>
      <dl className={css["keys"]}>
        {KEYS.map(([what, ...keys]) => (
          <div key={what}><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{keyTexts[what]}</dd></div>
        ))}
      </dl>
    </Dialog>
  );
}
