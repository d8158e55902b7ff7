/** Whether somebody who signs out is told first that readings of theirs still wait in this browser. */

import { watched } from "@/shared/watched";
import { outbox } from "./sending";

const asked = watched<(() => void) | undefined>(undefined);

/** Leave at once where nothing waits; else once the dialog has said yes. */
export const leaveOrAsk = (leave: () => void): void => (outbox().length > 0 ? asked.set(leave) : leave());

export const stay = (): void => asked.set(undefined);

/** How to leave, while one is asked. */
export const useLeaving = asked.use;
