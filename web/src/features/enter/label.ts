/** What a label says: the address at which the form of its machine opens. Pure. */

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** `https://andon.example/enter?machine=k3f9a1c2`; the router takes digits alone for a number, unless they are quoted. */
export const addressOf = (base: string, id: string): string => `${base.replace(/\/+$/, "")}/enter?machine=${encodeURIComponent(isJson(id) ? JSON.stringify(id) : id)}`;

const LONGEST = 255;

/** The machine that a scanned text names, whichever address Andon had when the label was printed; undefined for others. */
export function scannedMachine(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { pathname, searchParams } = new URL(text);
  const said = searchParams.get("machine") ?? "";
  const machine = said.startsWith('"') && isJson(said) ? String(JSON.parse(said)) : said;
  return pathname.endsWith("/enter") && machine !== "" && machine.length <= LONGEST ? machine : undefined;
}

/** Whether others than this computer reach an address. */
export const isReachable = (base: string): boolean => URL.canParse(base) && !/^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(new URL(base).hostname);
