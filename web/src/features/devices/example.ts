/** How a device with a scope publishes: an example that works as it stands. Pure. */

import type { Credential, Limits, Sensor } from "@/shared/api/types";
import { isBelow, type Tree } from "@/shared/plant/tree";

const MOST_DIGITS = 10;

export interface Example {
  /** Path of the machine it speaks for. */
  machine: string;
  topic: string;
  payload: string;
}

/** A number within the limits, the tightest ones there are, so that trying it out raises no alarm. */
export function numberWithin({ ll, l, h, hh }: Limits, decimals: number): number {
  const top = h ?? hh ?? Infinity;
  const bottom = l ?? ll ?? -Infinity;
  const from = bottom > -Infinity ? bottom : Math.min(0, top - 2);
  const to = top < Infinity ? top : from + 2;
  const middle = from / 2 + to / 2;
  // Where the limits lie closer together than the sensor's decimals tell apart, more of them.
  for (let digits = decimals; digits <= MOST_DIGITS; digits++) {
    const rounded = Number(middle.toFixed(digits));
    if (rounded > bottom && rounded < top) return rounded;
  }
  return middle;
}

function sampleOf({ datatype, limits, decimals }: Sensor): number | boolean | string {
  if (datatype === "bool") return true;
  return datatype === "string" ? "RUN" : numberWithin(limits, decimals);
}

/** What is calculated comes by no message. */
const isMeasured = ({ expression }: Sensor): boolean => !expression;

/** For the first machine within the scope, a number before anything else; null when no machine with sensors is there yet. */
export function exampleOf(tree: Tree, scope: string): Example | null {
  const machine = tree.machines.find((m) => isBelow(m.path, scope) && m.sensors.some(isMeasured));
  const sensor = machine?.sensors.find((s) => s.datatype === "float" && isMeasured(s)) ?? machine?.sensors.find(isMeasured);
  if (!machine || !sensor) return null;
  return { machine: machine.path, topic: `factory/${machine.path}`, payload: `{"values": {"${sensor.key}": ${JSON.stringify(sampleOf(sensor))}}}` };
}

/** `factory/berlin/painting/{line}/{machine}`: what a topic is made of, where there is no machine to name. */
export function patternOf(scope: string): string {
  const given = scope.split("/").filter(Boolean);
  return ["factory", ...given, ...["{site}", "{area}", "{line}", "{machine}"].slice(given.length)].join("/");
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** A line for a shell that publishes the example. */
export function commandOf({ username, password, mqtt_port }: Credential, { topic, payload }: Omit<Example, "machine">, host: string): string {
  return `mosquitto_pub -h ${host} -p ${mqtt_port} -u ${quoted(username)} -P ${quoted(password)} -q 1 -t ${quoted(topic)} -m ${quoted(payload)}`;
}

const literal = (text: string): string => JSON.stringify(text);

/** The same as a program. */
export function programOf({ username, password, mqtt_port }: Credential, { topic, payload }: Omit<Example, "machine">, host: string): string {
  return [
    "import paho.mqtt.client as mqtt", "",
    "client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)",
    `client.username_pw_set(${literal(username)}, ${literal(password)})`,
    `client.connect(${literal(host)}, ${mqtt_port})`,
    "client.loop_start()",
    `client.publish(${literal(topic)}, ${literal(payload)}, qos=1).wait_for_publish()`,
  ].join("\n");
}
