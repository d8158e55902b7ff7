import { expect, it } from "vitest";
import type { Condition, Level } from "@/shared/plant/condition";
import { changeOf } from "./change";

const how = (levels: Record<string, Level>) => new Map(Object.entries(levels).map(([path, level]) => [path, { level } as Condition]));
const MACHINES = [{ path: "a" }, { path: "b" }];

it("tells the worst of what changed", () =>
  expect(changeOf(how({ a: "normal", b: "normal" }), how({ a: "stopped", b: "high" }), MACHINES, 5)).toEqual({ path: "b", to: "high", at: 5 }));
it("tells nothing of what stays, nor of what is seen for the first time", () =>
  expect(changeOf(how({ a: "high" }), how({ a: "high", b: "low" }), MACHINES, 5)).toBeUndefined());
