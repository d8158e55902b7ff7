/** The original bytes of a message, as text and as a hex dump. Pure. */

import { valueText } from "./number";

interface Bytes {
  payload: string;
  encoding: "utf-8" | "base64";
}

export function bytesOf({ payload, encoding }: Bytes): Uint8Array {
  return encoding === "base64" ? Uint8Array.from(atob(payload), (c) => c.charCodeAt(0)) : new TextEncoder().encode(payload);
}

/** Bytes as text; what is no UTF-8 shows as the replacement character. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const PER_LINE = 16;
const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·");

/** `00000010  7b 22 76 …  {"v…`, up to `most` bytes. */
export function hexDump(bytes: Uint8Array, most = 4096): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, most); at += PER_LINE) {
    const row = [...bytes.subarray(at, Math.min(at + PER_LINE, most))];
    lines.push(`${at.toString(16).padStart(8, "0")}  ${row.map(hex).join(" ").padEnd(PER_LINE * 3 - 1)}  ${row.map(printable).join("")}`);
  }
  return lines.join("\n");
}

const SIZES = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]] as const;

/** `812 B`, `3.4 kB`, `10.0 MB`, `20.0 GB`. */
export function sizeText(bytes: number): string {
  const [unit, size] = SIZES.find(([, s]) => bytes >= s) ?? ["B", 1];
  return `${valueText(bytes / size, size === 1 ? 0 : 1)} ${unit}`;
}
