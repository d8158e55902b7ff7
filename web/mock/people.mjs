/** Devices, people and dead letters, in the shapes of registry and ingest. */

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

export const quiet = { rate: 0, bytes_rate: 0, quota: 2000, quarantines: 0, quarantine: null, connected: false, last_seen: null };
export const devices = [
  { id: "d1", name: "Gateway paint shop", username: "dev-4f7a1c", scope: "berlin/painting", created: ago(90_000), revoked: null, ...quiet, connected: true, last_seen: ago(0.02), rate: 412.3, bytes_rate: 51_300 },
  { id: "d2", name: "PLC press line 1", username: "dev-9b20e3", scope: "berlin/press-shop/line-1", created: ago(80_000), revoked: null, ...quiet, connected: false, last_seen: ago(0.3), rate: 2180, bytes_rate: 640_000, quarantines: 7, quarantine: { since: ago(0), until: ago(-3), reason: "sends more messages than it may; its quota is 2,000 a second", times: 7 } },
  { id: "d3", name: "Old logger", username: "dev-aa01b7", scope: "dresden", created: ago(200_000), revoked: ago(5_000), ...quiet },
];

export const people = [
  { id: "p1", username: "admin", role: "admin", scope: "", sessions: 1 },
  { id: "p2", username: "jan", role: "operator", scope: "berlin/painting", sessions: 2 },
  { id: "p3", username: "maria", role: "engineer", scope: "berlin", sessions: 0 },
];

const letter = (id, reason, detail, source, device, minutes, payload, more = {}) => ({
  id, reason, detail, source, device, at: ago(minutes), size: payload.length, complete: true, payload, encoding: "utf-8", obstacle: "", ...more,
});
export const deadLetters = [
  letter("9", "unknown-asset", "There is no machine berlin/painting/line-9/robot-1; add it with `andon plant apply`", "factory/berlin/painting/line-9/robot-1", "dev-4f7a1c", 2, '{"ts":1795000000000,"values":{"temperature":61.2,"state":"RUN"}}'),
  letter("8", "malformed", "JSON ends at byte 41; the object is not closed", "factory/berlin/press-shop/line-1/press-1", "dev-9b20e3", 14, '{"ts":1795000000000,"values":{"oil_tempera'),
  letter("7", "malformed", "Invalid UTF-8 at byte 2", "factory/berlin/press-shop/line-1/press-1", "dev-9b20e3", 21, "eyL/AAE3MTmA/w==", { size: 10_000_000, complete: false, encoding: "base64", obstacle: "only the first 10 of its 10000000 bytes were kept; let the device send again" }),
  letter("6", "forbidden", "3 message(s) of 'Old logger', which may publish for 'dresden' alone, were dropped; the last one's topic is given. Correct the topic in the device, or create a device with a wider scope.", "factory/berlin/utilities/air/compressor-1", "dev-aa01b7", 55, "", { obstacle: "the device was not allowed to say this; give it a wider scope and let it send again" }),
  letter("5", "bad-time", "Measured 41 d ago; the store keeps 30 d of raw data", "factory/dresden/assembly/line-1/belt-1/speed", "dev-4f7a1c", 200, "0.61"),
];

const isWanted = ({ reason, under, q }) => (l) => (!reason || l.reason === reason)
  && (!under || l.source === `factory/${under}` || l.source.startsWith(`factory/${under}/`))
  && (!q || `${l.detail} ${l.source} ${l.device} ${l.payload}`.toLowerCase().includes(q.toLowerCase()));
export const lettersOf = (wanted) => deadLetters.filter(isWanted(wanted));

/** As if machines had been added meanwhile, and nothing else mended. */
export function replayed(letters, isDry) {
  const usable = letters.filter((l) => l.reason === "unknown-asset" && !l.obstacle);
  const refused = letters.filter((l) => !usable.includes(l)).map((l) => ({ id: l.id, source: l.source, reason: l.reason, ...(l.reason === "bad-time" && { reason: "unknown-sensor" }), detail: l.obstacle || (l.reason === "bad-time" ? "There is no sensor speed at berlin/line-1/belt-1; add it with `andon plant apply`" : l.detail), count: 1 }));
  if (!isDry) for (const l of usable) deadLetters.splice(deadLetters.indexOf(l), 1);
  return { replayed: usable.length, still_refused: refused.length, refused, next_cursor: null };
}
