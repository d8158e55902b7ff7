import { describe, expect, it } from "vitest";
import type { Asset, Device, Rule } from "@/shared/api/types";
import { plainOf } from "@/shared/model/sensors";
import { growTree } from "@/shared/plant/tree";
import type { MachineType } from "@/shared/plant/queries";
import { changesOf, hangingOn, isLabelBad, patchOf, placeOf, type PlaceWords } from "./place";
import { flow, plantYaml, scalar } from "./plantfile";
import { readModel } from "./view";

const OIL = { key: "oil", name: "Oil", unit: "Cel", limits: { h: 80 } };
const TYPES = new Map([["press", [plainOf(OIL)]]]);
const asset = (path: string, kind: Asset["kind"], more: object = {}): Asset =>
  ({ id: path, path, kind, slug: path.split("/").at(-1), name: path.split("/").at(-1), type: "", labels: {}, sensors: [], documents: [], warnings: [], ...more }) as Asset;
const PRESS = asset("b/p/1/press-1", "machine", {
  name: "Press 1", type: "press", labels: { maker: "schuler" },
  sensors: [{ ...plainOf(OIL), limits: { ...plainOf(OIL).limits, h: 70 }, path: "b/p/1/press-1/oil" }, { ...plainOf({ key: "wear", unit: "mm" }), path: "b/p/1/press-1/wear" }],
});
const TREE = growTree([asset("b", "site", { name: "Berlin: on" }), asset("b/p", "area"), asset("b/p/1", "line"), PRESS]);
const WORDS = { name: "Name", unit: "Unit", datatype: "Kind", decimals: "Decimals", expression: "Formula", entered_every: "Entered", nothing: "none", limits: { ll: "LL", l: "L", h: "H", hh: "HH" }, type: "Type", label: "Label", document: "Document" } as PlaceWords;

describe("editing a machine", () => {
  const before = placeOf(PRESS, TYPES);
  it("begins with what it has of its own", () => expect(before.own).toEqual([{ key: "oil", limits: { h: 70 } }, { key: "wear", unit: "mm" }]));
  it("sends only what is otherwise", () => {
    const after = { ...before, name: " Press one ", labels: [] };
    expect(patchOf(before, after, "machine")).toEqual({ name: "Press one", labels: {} });
    expect(patchOf(before, { ...before, type: "" }, "machine")).toEqual({ type: null });
    expect(patchOf(before, before, "machine")).toEqual({});
  });
  it("tells of sensors that go with the type", () => {
    const changes = changesOf(before, { ...before, type: "", own: [] }, TYPES, WORDS);
    expect(changes).toEqual([{ look: "other", what: "Type", before: "press", after: "none" }, { look: "gone", what: "Oil (oil)" }, { look: "gone", what: "wear" }]);
  });
  it("has each label once", () => {
    const labels = [{ key: "a", value: "" }, { key: "a", value: "1" }, { key: "Ö", value: "" }, { key: "b", value: "" }];
    expect(labels.map((label) => isLabelBad(label, labels))).toEqual([true, true, true, false]);
  });
});

it("knows what hangs on a place", () => {
  const rule = (name: string, sensor: string, under: string | null = null) => ({ name, scope: { sensor, under } }) as unknown as Rule;
  const device = (name: string, scope: string, revoked: string | null = null) => ({ name, scope, revoked }) as Device;
  const found = hangingOn(TREE.byPath.get("b/p/1")!, [rule("oil", "b/p/1/press-1/oil"), rule("all", "oil"), rule("line", "oil", "b/p/1")], [device("plc", "b/p/1/press-1"), device("site", "b"), device("old", "b/p/1", "x")]);
  expect(found).toEqual({ below: 1, machines: 1, sensors: 2, rules: ["oil", "line"], devices: ["plc"] });
});

describe("the plant as a file", () => {
  it("quotes what YAML would take for something else", () =>
    expect(["Press 1", "on", "1a", "a: b", "", "Öl", "- x", "it's"].map(scalar)).toEqual(["Press 1", '"on"', '"1a"', '"a: b"', '""', '"Öl"', '"- x"', '"it\'s"']));
  it("says things in one line", () => expect(flow({ key: "oil", limits: { h: 80, hh: null }, gone: undefined, all: ["a", 1] })).toBe("{key: oil, limits: {h: 80, hh: null}, all: [a, 1]}"));
  it("has types and tree, each machine with what is its own", () => {
    const type = { slug: "press", name: "Press", sensors: [OIL], documents: [{ title: "Manual", url: "/m" }], page: { sections: [{ title: "Heat", show: "bars", sensors: ["oil"] }] }, machines: 1, warnings: [] } as MachineType;
    expect(plantYaml(TREE.sites, [type])).toBe(`types:
  press:
    name: Press
    sensors:
      - {key: oil, name: Oil, unit: Cel, limits: {h: 80}}
    documents:
      - {title: Manual, url: "/m"}
    page:
      sections:
        - {title: Heat, show: bars, sensors: [oil]}
sites:
  - slug: b
    name: "Berlin: on"
    areas:
      - slug: p
        name: p
        lines:
          - slug: "1"
            name: "1"
            machines:
              - slug: press-1
                name: Press 1
                type: press
                labels: {maker: schuler}
                sensors:
                  - {key: oil, limits: {h: 70}}
                  - {key: wear, unit: mm}
`);
  });
});

it("keeps the place in the address", () => expect([readModel({ at: "b/p" }), readModel({ at: 1 }), readModel({})]).toEqual([{ at: "b/p" }, {}, {}]));
