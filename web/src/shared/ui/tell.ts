/** Short messages about what was done, some with a way back; shown by `Toasts` until they are read. */

import { watched } from "@/shared/watched";

export interface Toast {
  id: number;
  text: string;
  /** Takes back what was done. */
  undo?: (() => unknown) | undefined;
  /** Something failed: read out at once, and stays until somebody closes it. */
  isError: boolean;
  /** Epoch ms; Infinity for what stays. */
  until: number;
}

/** Long enough to read a sentence and to reach the button. */
const LASTS_MS = 8_000;
/** More at once are read by nobody; the oldest goes. */
const MOST = 3;

const toasts = watched<readonly Toast[]>([]);
let serial = 0;

function put(text: string, isError: boolean, undo?: Toast["undo"]): void {
  const toast: Toast = { id: ++serial, text, undo, isError, until: isError ? Infinity : Date.now() + LASTS_MS };
  toasts.set([...toasts.get().filter((t) => t.text !== text), toast].slice(-MOST));
}

/** Say what was done; `undo` takes it back, and what it throws is told as well. */
export const tell = (text: string, { undo }: { undo?: () => unknown } = {}): void => put(text, false, undo);

/** Say that something which nobody waited for has failed, and why. */
export const tellError = (what: string, error: unknown): void => put(`${what}: ${error instanceof Error ? error.message : String(error)}`, true);

export const closeToast = (id: number): void => toasts.set(toasts.get().filter((t) => t.id !== id));

/** Whoever reads has time: all messages begin their stay anew. */
export const keepToasts = (now = Date.now()): void => toasts.set(toasts.get().map((t) => ({ ...t, until: Math.max(t.until, now + LASTS_MS) })));

export const dropOverdue = (now = Date.now()): void => {
  if (toasts.get().some((t) => t.until <= now)) toasts.set(toasts.get().filter((t) => t.until > now));
};

export const currentToasts = toasts.get;
export const useToasts = toasts.use;
