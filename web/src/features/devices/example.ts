/** How a device with a scope publishes: an example that works as it stands. Pure. */

import type { Credential, Sensor } from "@/shared/api/types";
import { isBelow, type Tree } from "@/shared/plant/tree";

export interface Example {
  topic: string;
  payload: string;
}

/** A value within the sensor's limits, so that trying it out raises no alarm. */
function sampleOf({ datatype, limits: { l, h }, decimals }: Sensor): number | boolean | string {
  if (datatype === "bool") return true;
  if (datatype === "string") return "RUN";
  const value = typeof h === "number" ? ((l ?? 0) + h) / 2 : (l ?? 0) + 1;
  return Number(value.toFixed(decimals));
}

/** For the first machine within the scope, a number before anything else; null when no machine with sensors is there yet. */
export function exampleOf(tree: Tree, scope: string): Example | null {
  const machine = tree.machines.find((m) => isBelow(m.path, scope) && m.sensors?.length);
  const sensor = machine?.sensors?.find((s) => s.datatype === "float") ?? machine?.sensors?.[0];
  if (!machine || !sensor) return null;
  return { topic: `factory/${machine.path}`, payload: `{"values": {"${sensor.key}": ${JSON.stringify(sampleOf(sensor))}}}` };
}

/** `factory/berlin/painting/{line}/{machine}`: what a topic is made of, where there is no machine to name. */
export function patternOf(scope: string): string {
  const given = scope.split("/").filter(Boolean);
  return ["factory", ...given, ...["{site}", "{area}", "{line}", "{machine}"].slice(given.length)].join("/");
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A line for a shell that publishes the example. */
export function commandOf({ username, password }: Credential, { topic, payload }: Example, host: string, port: number): string {
  return `mosquitto_pub -h ${host} -p ${port} -u ${quoted(username)} -P ${quoted(password)} -q 1 -t ${quoted(topic)} -m ${quoted(payload)}`;
}
