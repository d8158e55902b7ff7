import { describe, expect, it } from "vitest";
import { labelChanges, paperChanges, sensorChanges, type FieldWords } from "./changes";
import { draftOf, faultsOf, sensorOf, slugOf, typedNumber } from "./draft";
import { merged, ownOf, plainOf, replaced, withSensor } from "./sensors";

const OIL = plainOf({ key: "oil", name: "Oil", unit: "Cel", limits: { h: 80, hh: 95 } });
const STATE = plainOf({ key: "state", datatype: "string" });
const TYPE = [STATE, OIL];

describe("a machine's sensors", () => {
  it("are those of its type, field by field as the machine has them, and its own", () => {
    const all = merged(TYPE, [{ key: "oil", limits: { h: 70, hh: null } }, { key: "wear", unit: "mm" }]);
    expect(all.map((s) => s.key)).toEqual(["state", "oil", "wear"]);
    expect(all[1]).toEqual({ ...OIL, limits: { ll: null, l: null, h: 70, hh: null } });
  });
  it("say of their own only what is otherwise than with the type", () => {
    const own = [{ key: "oil", limits: { h: 70, hh: null } }, { key: "wear", unit: "mm" }];
    expect(ownOf(merged(TYPE, own), TYPE)).toEqual(own);
  });
  it("are as the type has them again once nothing is otherwise", () => {
    const own = withSensor([], TYPE, { ...OIL, name: "Gear oil" });
    expect(own).toEqual([{ key: "oil", name: "Gear oil" }]);
    expect(withSensor(own, TYPE, OIL)).toEqual([]);
  });
  it("stay in their order when one changes, and a new one is the last", () => {
    expect(withSensor([{ key: "wear" }, { key: "heat" }], TYPE, plainOf({ key: "wear", unit: "mm" })).map((s) => s.key)).toEqual(["wear", "heat"]);
    expect(replaced(TYPE, plainOf({ key: "state", datatype: "bool" })).map((s) => s.datatype)).toEqual(["bool", "float"]);
    expect(replaced(TYPE, plainOf({ key: "wear" })).map((s) => s.key)).toEqual(["state", "oil", "wear"]);
  });
});

describe("a sensor while it is typed", () => {
  const faults = (more: object) => faultsOf({ ...draftOf(OIL), ...more }, new Set(["state"]));
  it("has no fault as it is", () => expect(faults({})).toEqual({}));
  it.each([["", "noKey"], ["Öl", "badKey"], ["state", "takenKey"], ["time", "reservedKey"], ["oil__quality", "reservedKey"]])("cannot be called %j", (key, fault) => expect(faults({ key })).toEqual({ key: fault }));
  it("has limits that are numbers and rise", () => {
    const limits = { ll: "", l: "90", h: "80", hh: "much" };
    expect(faults({ limits })).toEqual({ h: "notRising", hh: "noNumber" });
    expect(faults({ decimals: "11" })).toEqual({ decimals: "badDecimals" });
  });
  it("becomes what it was", () => expect(sensorOf(draftOf(OIL))).toEqual(OIL));
  it("has limits and a unit as a number alone", () => expect(sensorOf({ ...draftOf(OIL), datatype: "bool" })).toMatchObject({ unit: "", limits: { h: null, hh: null } }));
  it("takes numbers as both halves of the world write them", () => expect(["1,5", " 2.5 ", "", "x"].map(typedNumber)).toEqual([1.5, 2.5, null, NaN]));
  it("gets its key from its name", () => expect([slugOf("Öl-Temperatur 2"), slugOf("Straße é", "_"), slugOf("--")]).toEqual(["oel-temperatur-2", "strasse_e", ""]));
});

const WORDS: FieldWords = { name: "name", unit: "unit", datatype: "datatype", decimals: "decimals", expression: "expression", entered_every: "entered every", nothing: "nothing", limits: { ll: "LL", l: "L", h: "H", hh: "HH" } };

it("tells what saving would change", () => {
  const warmer = { ...OIL, name: "Gear oil", limits: { ...OIL.limits, h: 82.5, hh: null } };
  expect(sensorChanges(TYPE, [warmer, plainOf({ key: "wear" })], WORDS)).toEqual([
    { look: "other", what: "Gear oil (oil), name", before: "Oil", after: "Gear oil" }, { look: "other", what: "Gear oil (oil), H", before: "80.0 °C", after: "82.5 °C" },
    { look: "other", what: "Gear oil (oil), HH", before: "95.0 °C", after: "nothing" }, { look: "new", what: "wear" }, { look: "gone", what: "state" },
  ]);
  expect(labelChanges({ maker: "kuka", age: "3" }, { maker: "abb" })).toEqual([{ look: "other", what: "maker", before: "kuka", after: "abb" }, { look: "gone", what: "age 3" }]);
  expect(paperChanges([], [{ title: "Manual", url: "/m" }])).toEqual([{ look: "new", what: "Manual" }]);
});
