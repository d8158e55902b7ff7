/** Whether somebody who signs out is told first that readings of theirs still wait in this browser. */

import { useSyncExternalStore } from "react";
import { outbox } from "./sending";

let asked: (() => void) | undefined;
const watchers = new Set<() => void>();

function set(leave: (() => void) | undefined): void {
  asked = leave;
  watchers.forEach((wake) => wake());
}

/** Leave at once where nothing waits; else once the dialog has said yes. */
export const leaveOrAsk = (leave: () => void): void => (outbox().length > 0 ? set(leave) : leave());

export const stay = (): void => set(undefined);

/** How to leave, while one is asked. */
export const useLeaving = (): (() => void) | undefined =>
  useSyncExternalStore((wake) => {
    watchers.add(wake);
    return () => watchers.delete(wake);
  }, () => asked);
