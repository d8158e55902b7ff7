import { expect, it } from "vitest";
import { gapsText, type Gap } from "./gaps";

it.each<[Gap[], number | null, string]>([
  [[], null, ""],
  [[], 0, ""],
  [[[6, 7]], 2, "6–7 never came"],
  [[[6, 7], [12, 12]], 3, "6–7, 12 never came"],
  [[[6, 7]], 5, "6–7 never came; 3 more before"],
  [[], 4, "4 never came, before its present start"],
  [[[1, 1], [3, 3], [5, 5], [7, 7], [9, 9], [11, 12]], 7, "3, 5, 7, 9, 11–12 never came; 1 more before"],
])("%j of %s missing", (gaps, missing, text) => expect(gapsText(gaps, missing)).toBe(text));
