/** How a device stands: admitted, slowed or kept out, in words; and those that a filter wants. Pure. */

import type { Device } from "@/shared/api/types";
import { sizeText } from "@/shared/format/bytes";
import { countText, valueText } from "@/shared/format/number";
import { lengthText, timeText } from "@/shared/format/time";
import { words } from "@/shared/ui/texts";
import { texts } from "./texts";

/** What it sends now, and what it may. */
export const rateText = (rate: number): string => texts().rate(rate > 0 && rate < 10 ? valueText(rate, 1) : countText(rate));
export const quotaText = ({ quota, bytes_rate: bytes }: Device): string =>
  `${texts().quotaOf(countText(quota))}${bytes >= 1 ? ` · ${texts().perSecond(sizeText(bytes))}` : ""}`;

/** `3 s ago`; a device is known to the second while the registry runs, and to the minute after. */
export const heardText = ({ last_seen: seen }: Device, now: number): string => (seen ? words().ago(lengthText(now - Date.parse(seen))) : texts().never);

export interface Standing {
  text: string;
  /** Why, when all is not well. */
  why: string;
  /** It is out for so long that letting it in is worth a button. */
  isOut: boolean;
}

/** Out for less, again and again, is what slows a device to its quota. */
const SHORT_MS = 5_000;

export function standingOf(device: Device, now: number): Standing {
  const t = texts();
  if (device.revoked) return { text: t.revoked(timeText(Date.parse(device.revoked), now)), why: "", isOut: false };
  const { quarantine, quarantines } = device;
  if (!quarantine && !quarantines) return { text: t.admitted, why: "", isOut: false };
  const often = t.often(quarantines);
  const why = quarantine ? t.because(often, quarantine.reason) : often;
  if (quarantine && Date.parse(quarantine.until) - Date.parse(quarantine.since) >= SHORT_MS) {
    return { text: t.keptOut(lengthText(Date.parse(quarantine.until) - now)), why, isOut: true };
  }
  return { text: t.slowed, why, isOut: false };
}
