/** A place of the plant while somebody edits it: what it is, what would change, what hangs on it. Pure. */

import type { components } from "@/shared/api/generated/registry";
import type { Asset, Device, Kind, Rule } from "@/shared/api/types";
import { labelChanges, paperChanges, sensorChanges, textChange, type Change, type FieldWords, type Paper } from "@/shared/model/changes";
import { merged, ownOf, plainOf, type Plain, type SensorSpec } from "@/shared/model/sensors";
import { isBelow, machinesOf, type Node } from "@/shared/plant/tree";

export type AssetChange = components["schemas"]["AssetChange"];

export interface Label {
  key: string;
  value: string;
}

/** What one can change; slug and place never change. */
export interface PlaceDraft {
  name: string;
  /** Of a machine; '' is none. */
  type: string;
  labels: Label[];
  /** What a machine has besides, or otherwise than, its type. */
  own: SensorSpec[];
  documents: Paper[];
}

/** Sensors of each machine type, by slug. */
export type TypeSensors = ReadonlyMap<string, readonly Plain[]>;

export const ofType = (types: TypeSensors, type: string): readonly Plain[] => types.get(type) ?? [];
export const sensorsOf = ({ own, type }: Pick<PlaceDraft, "own" | "type">, types: TypeSensors): Plain[] => merged(ofType(types, type), own);

export function placeOf(asset: Asset, types: TypeSensors): PlaceDraft {
  return {
    name: asset.name,
    type: asset.type,
    labels: Object.entries(asset.labels).map(([key, value]) => ({ key, value })),
    own: ownOf(asset.sensors.map(plainOf), ofType(types, asset.type)),
    documents: asset.documents.map(({ title, url }) => ({ title, url })),
  };
}

const labelsOf = ({ labels }: PlaceDraft): Record<string, string> => Object.fromEntries(labels.map(({ key, value }) => [key, value.trim()]));
const papersOf = ({ documents }: PlaceDraft): Paper[] => documents.map(({ title, url }) => ({ title: title.trim(), url: url.trim() }));

export interface PlaceWords extends FieldWords {
  type: string;
  label: string;
  document: string;
}

const called = (word: string, changes: Change[]): Change[] => changes.map((change) => ({ ...change, what: `${word} ${change.what}` }));

export function changesOf(before: PlaceDraft, after: PlaceDraft, types: TypeSensors, words: PlaceWords): Change[] {
  return [
    ...textChange(words.name, before.name, after.name.trim()),
    ...textChange(words.type, before.type || words.nothing, after.type || words.nothing),
    ...called(words.label, labelChanges(labelsOf(before), labelsOf(after))),
    ...sensorChanges(sensorsOf(before, types), sensorsOf(after, types), words),
    ...called(words.document, paperChanges(papersOf(before), papersOf(after))),
  ];
}

/** Only what is otherwise is sent, so that nobody's change of another field is undone. */
export function patchOf(before: PlaceDraft, after: PlaceDraft, kind: Kind): AssetChange {
  const isOther = (field: keyof PlaceDraft): boolean => JSON.stringify(before[field]) !== JSON.stringify(after[field]);
  return {
    ...(isOther("name") && { name: after.name.trim() }),
    ...(isOther("labels") && { labels: labelsOf(after) }),
    ...(isOther("documents") && { documents: papersOf(after) }),
    ...(kind === "machine" && isOther("type") && { type: after.type || null }),
    ...(kind === "machine" && isOther("own") && { sensors: after.own }),
  };
}

const LABEL_KEY = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** What is wrong with the key of a label, where several of one key are as wrong as none. */
export const isLabelBad = ({ key }: Label, all: readonly Label[]): boolean => !LABEL_KEY.test(key) || all.filter((other) => other.key === key).length > 1;

export interface Hanging {
  /** Places right below: while there are any, a place stays. */
  below: number;
  machines: number;
  sensors: number;
  /** Names of the rules that watch one of its sensors by its path, or this part of the plant. */
  rules: string[];
  /** Names of the devices that speak for it, or for a part of it, alone. */
  devices: string[];
}

export function hangingOn(node: Node, rules: readonly Pick<Rule, "name" | "scope">[], devices: readonly Pick<Device, "name" | "scope" | "revoked">[]): Hanging {
  const machines = machinesOf(node);
  const names = ({ scope }: Pick<Rule, "scope">): boolean => isBelow(scope.sensor, node.path) || Boolean(scope.under && isBelow(scope.under, node.path));
  return {
    below: node.children.length,
    machines: machines.length,
    sensors: machines.reduce((sum, machine) => sum + machine.sensors.length, 0),
    rules: rules.filter(names).map(({ name }) => name),
    devices: devices.filter(({ scope, revoked }) => !revoked && isBelow(scope, node.path)).map(({ name }) => name),
  };
}

const BELOW: Record<Kind, Kind | null> = { site: "area", area: "line", line: "machine", machine: null };
/** What stands below a kind (ISA-95); null below a machine. */
export const kindBelow = (kind: Kind): Kind | null => BELOW[kind];
