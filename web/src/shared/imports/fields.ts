/** What the dialog's fields are called, and what the service says of them in the words of its parameters. Pure. */

export const FIELDS = {
  tz: "Time zone",
  time_format: "Times are written like",
  decimal: "Decimal mark",
  encoding: "Text encoding",
} as const;

export const MARKS = [["", "As the file has it"], [".", "Point: 1.5"], [",", "Comma: 1,5"]] as const;
export const ENCODINGS = [["", "As the file has it"], ["utf-8", "UTF-8"], ["windows-1252", "Windows-1252"], ["latin-1", "Latin-1"], ["utf-16", "UTF-16"]] as const;

/** As a word of its own: what a file or a sensor is called stands in quotes, or in a path. */
const NAMED = /(?<![\w/'])(tz|time_format)(?![\w/'])|\b(decimal|encoding)=([.,]|[\w-]+)?/g;
const MARK: Record<string, string> = { ".": "point", ",": "comma" };

/** An advice as one can follow it here: the name of a parameter, `decimal=,` or `time_format`, becomes that of its field. */
export function inFields(detail: string): string {
  return detail
    .replace(NAMED, (_, plain?: keyof typeof FIELDS, set?: keyof typeof FIELDS, to = "") => `“${FIELDS[plain ?? set ?? "tz"]}”${to && ` ${MARK[to] ?? to}`}`)
    .replace(/leave asset away\b.*/, "import it from the page of that machine");
}
