/** Which devices the page shows, as it stands in the address. Pure. */

import type { Device } from "@/shared/api/types";

export const SHOWS = ["all", "admitted", "silent", "out", "revoked"] as const;
export type Show = (typeof SHOWS)[number];

export interface DevicesView {
  /** Text in name, user name or part of the plant. */
  q?: string | undefined;
  show?: Show | undefined;
}

export function readDevices(search: Record<string, unknown>): DevicesView {
  const q = String(search["q"] ?? "").slice(0, 100);
  const show = SHOWS.find((one) => one === search["show"] && one !== "all");
  return { ...(q && { q }), ...(show && { show }) };
}

const IS: Record<Show, (device: Device) => boolean> = {
  all: () => true,
  admitted: ({ revoked }) => !revoked,
  silent: ({ revoked, connected }) => !revoked && connected === false,
  out: ({ revoked, quarantines, quarantine }) => !revoked && (quarantines > 0 || quarantine !== null),
  revoked: ({ revoked }) => Boolean(revoked),
};

/** Those that match; who still works first, by name, and the revoked ones last, as evidence. */
export function wanted(devices: readonly Device[], { q = "", show = "all" }: DevicesView): Device[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return devices
    .filter((device) => IS[show](device) && words.every((word) => `${device.name} ${device.username} ${device.scope}`.toLowerCase().includes(word)))
    .sort((a, b) => Number(Boolean(a.revoked)) - Number(Boolean(b.revoked)) || a.name.localeCompare(b.name));
}
