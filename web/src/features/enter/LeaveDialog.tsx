/** Asks before somebody signs out whose readings still wait in this browser. */

import { Confirm } from "@/shared/ui/Confirm";
import { stay } from "./leaving";
import { useOutbox } from "./sending";
import { waitingTexts } from "./waitingTexts";

export default function LeaveDialog({ leave }: { leave: () => void }) {
  const { leaveTitle, leave: verb, leaveText } = waitingTexts();
  const count = useOutbox().length;
  return <Confirm title={leaveTitle} verb={verb} onClose={stay} act={async () => { stay(); leave(); }}>{leaveText(count)}</Confirm>;
}
