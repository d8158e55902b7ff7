/** What a sensor says at any instant: a pure function of time, so that history and live values agree. */

const hash = (text) => [...text].reduce((h, c) => Math.imul(h ^ c.charCodeAt(0), 16777619) >>> 0, 2166136261);
const noise = (seed, at) => (((Math.imul(seed ^ at, 2654435761) >>> 0) % 1000) / 1000) * 2 - 1;

const HOT = "berlin/painting/line-1/robot-3/temperature";
const SILENT = "dresden/utilities/water/pump-2";
const STOPPED = new Set(["berlin/press-shop/line-1/press-2", "dresden/assembly/line-3/belt-3"]);
const LOW_FLOW = "berlin/painting/pre-treatment/pump-1/flow";

export const isSilent = (path) => path.startsWith(SILENT);

export function valueAt(sensor, ms) {
  const machine = sensor.path.slice(0, sensor.path.lastIndexOf("/"));
  const seed = hash(sensor.path);
  const minute = Math.floor(ms / 60_000);
  if (sensor.key === "state") {
    if (STOPPED.has(machine)) return minute % 200 < 170 ? "STOP" : "RUN";
    const part = (minute + (seed % 97)) % 97;
    return part === 3 ? "SETUP" : part === 4 || part === 5 ? "IDLE" : "RUN";
  }
  if (sensor.datatype === "bool") return (Math.floor(ms / 20_000) + seed) % 7 !== 0;
  const { base, swing, period, noise: grain } = sensor.wave;
  const s = ms / 1000;
  let value = base + swing * Math.sin((s + seed % 5000) / period * 2 * Math.PI) * 0.6 + swing * 0.3 * Math.sin((s / period) * 7.3 + seed);
  value += base * grain * noise(seed, Math.floor(s));
  // A shift's rhythm, seen over a day.
  value += swing * 0.5 * Math.sin((s / 86_400) * 2 * Math.PI + seed);
  if (sensor.path === HOT) value += 26 + 4 * Math.sin(s / 240);
  if (sensor.path === LOW_FLOW) value -= 13;
  return value;
}
