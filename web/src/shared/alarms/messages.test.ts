import { expect, it } from "vitest";
import { messageText, saidText } from "./messages";

const message = { state: "sent", reason: null, error: null, attempts: 1, next_at: null } as const;

it("says what became of a message", () => {
  const now = new Date(2026, 10, 26, 13).getTime();
  expect(messageText(message)).toBe("Delivered");
  expect(messageText({ ...message, state: "failed", error: "550 no such user", attempts: 5 })).toBe("Not delivered: 550 no such user, after 5 tries");
  expect(messageText({ ...message, state: "pending", error: "no answer", next_at: new Date(2026, 10, 26, 13, 5).toISOString() }, now)).toBe("Waiting, next try at 13:05:00: no answer");
  expect(messageText({ ...message, state: "muted", reason: `silence until ${new Date(2026, 10, 26, 14).toISOString()}` }, now)).toBe("Not told: silence until 14:00:00");
});

it.each([["called", ""], ["over", "Over"], ["eased", "Became less severe"], ["digest", ""], [undefined, ""]])("tells what a message said: %j", (event, text) =>
  expect(saidText({ event })).toBe(text));
