import { expect, it } from "vitest";
import type { DeadLetter } from "@/shared/api/types";
import { newestPerDevice } from "./refusals";

it("keeps the newest letter of each device, and none of nobody", () => {
  const letters = [{ id: "3", device: "a" }, { id: "2", device: "" }, { id: "1", device: "a" }, { id: "0", device: "b" }] as DeadLetter[];
  expect([...newestPerDevice(letters)].map(([device, { id }]) => [device, id])).toEqual([["a", "3"], ["b", "0"]]);
});
