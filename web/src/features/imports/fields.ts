/** What the dialog's fields are called, and what the service says of them in the words of its parameters. Pure. */

import { texts } from "./texts";

type Name = keyof ReturnType<typeof texts>["fields"];

export function markOptions() {
  const { asFile, point, comma } = texts().marks;
  return [["", asFile], [".", point], [",", comma]] as const;
}

export const encodingOptions = () => [["", texts().marks.asFile], ["utf-8", "UTF-8"], ["windows-1252", "Windows-1252"], ["latin-1", "Latin-1"], ["utf-16", "UTF-16"]] as const;

/** As a word of its own: what a file or a sensor is called stands in quotes, or in a path. */
const NAMED = /(?<![\w/'])(tz|time_format)(?![\w/'])|\b(decimal|encoding)=([.,]|[\w-]+)?/g;

/** An advice as one can follow it here: the name of a parameter, `decimal=,` or `time_format`, becomes that of its field. */
export function inFields(detail: string): string {
  const { fields, markWords, fromMachinePage } = texts();
  const marks: Record<string, string> = markWords;
  return detail
    .replace(NAMED, (_, plain?: Name, set?: Name, to = "") => `“${fields[plain ?? set ?? "tz"]}”${to && ` ${marks[to] ?? to}`}`)
    .replace(/leave asset away\b.*/, fromMachinePage);
}
