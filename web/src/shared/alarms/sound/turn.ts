/** Of many tabs one sounds: it holds a claim in the browser's storage, and renews it with each sound. */

import { AGAIN_MS } from "./patterns";

const KEY = "andon.sound";
/** A tab that was closed without a word is waited for no longer. */
export const LEASE_MS = AGAIN_MS.low + 5_000;

export interface Claim {
  tab: string;
  /** Epoch ms. */
  at: number;
}

/** Whether a tab may sound now, another's claim being as it is. Pure. */
export const mayClaim = (claim: Claim | null, tab: string, now: number): boolean => !claim || claim.tab === tab || now - claim.at > LEASE_MS || claim.at > now + LEASE_MS;

function read(): Claim | null {
  const [tab = "", at = ""] = (localStorage.getItem(KEY) ?? "").split(" ");
  return tab && Number(at) > 0 ? { tab, at: Number(at) } : null;
}

const me = Math.random().toString(36).slice(2);

/** Take or renew the turn; false while another tab has it. */
export function takeTurn(now = Date.now()): boolean {
  if (!mayClaim(read(), me, now)) return false;
  localStorage.setItem(KEY, `${me} ${now}`);
  return true;
}

export function leaveTurn(): void {
  if (read()?.tab === me) localStorage.removeItem(KEY);
}
