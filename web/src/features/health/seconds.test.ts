import { expect, it } from "vitest";
import { secondsText } from "./seconds";

it.each([
  [null, "–"], [undefined, "–"], [0.0004, "0.4 ms"], [0.0094, "9.4 ms"], [0.0099, "10 ms"], [0.0132, "13 ms"], [0.0994, "99 ms"],
  [0.0999, "0.10 s"], [0.42, "0.42 s"], [0.999, "1.0 s"], [2.44, "2.4 s"], [9.99, "10 s"], [15, "15 s"],
])("%s s reads as %s", (seconds, text) => expect(secondsText(seconds)).toBe(text));
