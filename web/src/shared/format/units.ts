/** UCUM codes (`Cel`, `1/min`) as people write them on a panel (`°C`, `/min`). */

const SPELLING: Record<string, string> = {
  Cel: "°C",
  "[degF]": "°F",
  "1/min": "1/min",
  "{rpm}": "rpm",
  "1": "",
  Ohm: "Ω",
  um: "µm",
  us: "µs",
  deg: "°",
  "m3/h": "m³/h",
  m3: "m³",
  m2: "m²",
  "mm/s": "mm/s",
  "kW.h": "kWh",
  "L/min": "l/min",
  "l/min": "l/min",
  "[ppm]": "ppm",
};

/** The unit to show behind a number; annotations such as `{parts}` lose their braces. */
export function unitText(code: string | undefined): string {
  if (!code) return "";
  return SPELLING[code] ?? code.replace(/\{([^}]*)\}/g, "$1").replace(/([a-z])2\b/g, "$1²").replace(/([a-z])3\b/g, "$1³");
}
