import { expect, it } from "vitest";
import { readMachines, withMachines } from "./lately";

const machine = (path: string) => ({ id: path, path, kind: "machine" as const, slug: path, name: path, type: "", labels: {}, sensors: [], documents: [], warnings: [] });

it("keeps the newest first, each once, and forgets the oldest", () => {
  const all = withMachines([machine("a"), machine("b")], [machine("b")]);
  expect(all.map(({ path }) => path)).toEqual(["b", "a"]);
  expect(withMachines(Array.from({ length: 60 }, (_, i) => machine(`${i}`)), [machine("x")])).toHaveLength(40);
});

it("leaves out what is no machine", () => {
  expect(readMachines(JSON.stringify([machine("a"), { path: "b" }, { ...machine("c"), sensors: [{}] }, 5])).map(({ path }) => path)).toEqual(["a"]);
  expect([readMachines(null), readMachines("{")]).toEqual([[], []]);
});
