import { expect, it } from "vitest";
import type { DeadLetter } from "@/shared/api/types";
import type { Node } from "@/shared/plant/tree";
import { placeToMend } from "./mend";

const TREE = { byPath: new Map(["b", "b/p", "b/p/1", "b/p/1/r"].map((path) => [path, {} as Node])) };
const letter = (reason: string, source: string) => placeToMend({ reason, source } as DeadLetter, TREE);

it("is the deepest place that there is", () => expect([letter("unknown-asset", "factory/b/p/9/x"), letter("unknown-sensor", "factory/b/p/1/r/heat"), letter("unknown-asset", "factory/z/p")]).toEqual(["b/p", "b/p/1/r", undefined]));
it("is nowhere where the plant is not what is wrong", () => expect(letter("malformed", "factory/b/p/1/r")).toBeUndefined());
