import { expect, it } from "vitest";
import { inFields } from "./fields";

it.each([
  ["'x' is no time; write ISO 8601 or epoch ms, or give time_format, like %d.%m.%Y", "'x' is no time; write ISO 8601 or epoch ms, or give “Times are written like”, like %d.%m.%Y"],
  ["Times without an offset are taken to be UTC; give tz, like Europe/Berlin, if they are not", "Times without an offset are taken to be UTC; give “Time zone”, like Europe/Berlin, if they are not"],
  ["if the comma is the decimal mark, give decimal=,", "if the comma is the decimal mark, give “Decimal mark” comma"],
  ["the file's decimal mark is the comma, unless you give decimal=.", "the file's decimal mark is the comma, unless you give “Decimal mark” point"],
  ["give encoding=windows-1252, or save it as UTF-8", "give “Text encoding” windows-1252, or save it as UTF-8"],
  ["'p/b' is a sensor of another machine than 'p/a', which this import is for; leave asset away to import for all machines that the file names", "'p/b' is a sensor of another machine than 'p/a', which this import is for; import it from the page of that machine"],
  ["there is no sensor 'p/m1/tz' in the plant", "there is no sensor 'p/m1/tz' in the plant"],
  ["expected a number, got 'hot'", "expected a number, got 'hot'"],
])("%s", (said, shown) => expect(inFields(said)).toBe(shown));
