/** How a device stands: admitted, slowed or kept out, in words. Pure. */

import type { Device } from "@/shared/api/types";
import { lengthText, timeText } from "@/shared/format/time";

const count = (n: number): string => Math.round(n).toLocaleString("en");

/** What it sends now, and what it may. */
export const rateText = (rate: number): string => `${rate > 0 && rate < 10 ? rate.toFixed(1) : count(rate)} msg/s`;
export const quotaText = (device: Device): string => `of ${count(device.quota)}${device.bytes_rate >= 1 ? ` · ${bytesText(device.bytes_rate)}/s` : ""}`;

function bytesText(n: number): string {
  if (n < 1024) return `${Math.round(n)} B`;
  return n < 2 ** 20 ? `${(n / 1024).toFixed(1)} KiB` : `${(n / 2 ** 20).toFixed(1)} MiB`;
}

export interface Standing {
  text: string;
  /** Why, when all is not well. */
  why: string;
}

export function standingOf(device: Device, now: number): Standing {
  if (device.revoked) return { text: `Revoked ${timeText(Date.parse(device.revoked), now)}`, why: "" };
  const often = device.quarantines > 1 ? `, ${device.quarantines} times lately` : "";
  if (device.quarantine) {
    return { text: `Kept out for ${lengthText(Date.parse(device.quarantine.until) - now)} more`, why: `It ${device.quarantine.reason}${often}` };
  }
  if (!device.quarantines) return { text: "Admitted", why: "" };
  return { text: "Admitted, and slowed", why: `Was kept out${often || " lately"}` };
}
