import { beforeEach, expect, it } from "vitest";
import { closeToast, currentToasts, dropOverdue, keepToasts, tell, tellError } from "./tell";

const texts = (): string[] => currentToasts().map((t) => t.text);
beforeEach(() => [...currentToasts()].forEach((t) => closeToast(t.id)));

it("says the newest three, and no sentence twice", () => {
  ["a", "b", "a", "c", "d"].forEach((text) => tell(text));
  expect(texts()).toEqual(["a", "c", "d"]);
});

it("goes after a while, unless somebody is reading or something failed", () => {
  const now = Date.now();
  tell("Rule deleted");
  tellError("Not saved", new Error("Andon does not answer"));
  keepToasts(now + 7_000);
  dropOverdue(now + 9_000);
  expect(texts()).toHaveLength(2);
  dropOverdue(now + 60_000);
  expect(texts()).toEqual(["Not saved: Andon does not answer"]);
});
