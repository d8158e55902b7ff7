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
  /** It is out for so long that letting it in is worth a button. */
  isOut: boolean;
}

/** Out for less, again and again, is what slows a device to its quota. */
const SHORT_MS = 5_000;

export function standingOf(device: Device, now: number): Standing {
  if (device.revoked) return { text: `Revoked ${timeText(Date.parse(device.revoked), now)}`, why: "", isOut: false };
  const { quarantine, quarantines } = device;
  if (!quarantine && !quarantines) return { text: "Admitted", why: "", isOut: false };
  const often = `kept out ${quarantines <= 1 ? "once" : `${count(quarantines)} times`} lately`;
  const reason = quarantine ? `; it ${quarantine.reason}` : "";
  if (quarantine && Date.parse(quarantine.until) - Date.parse(quarantine.since) >= SHORT_MS) {
    return { text: `Kept out for ${lengthText(Date.parse(quarantine.until) - now)} more`, why: capital(often) + reason, isOut: true };
  }
  return { text: "Slowed to its quota", why: capital(often) + reason, isOut: false };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
