/** A text as a QR code, drawn as one path. Pure. */

import { encode } from "uqr";

export interface Code {
  /** Modules along one side, with the quiet zone that readers need. */
  size: number;
  /** Of an SVG whose unit is one module. */
  path: string;
}

/** Modules of light around the code; four are the standard's. */
const QUIET = 4;

/** With a quarter of it dirty or torn it is still read. */
export function codeOf(text: string): Code {
  const { data, size } = encode(text, { ecc: "Q", border: QUIET });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return { size, path };
}
