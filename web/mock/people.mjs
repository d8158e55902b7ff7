/** Devices, people and dead letters. */

const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();

export const devices = [
  { id: "d1", name: "Gateway paint shop", username: "dev-4f7a1c", scope: "berlin/painting", created_at: ago(90_000), revoked_at: null },
  { id: "d2", name: "PLC press line 1", username: "dev-9b20e3", scope: "berlin/press-shop/line-1", created_at: ago(80_000), revoked_at: null },
  { id: "d3", name: "Old logger", username: "dev-aa01b7", scope: "dresden", created_at: ago(200_000), revoked_at: ago(5_000) },
];

export const people = [
  { id: "p1", username: "admin", name: "Admin", role: "admin", scope: "" },
  { id: "p2", username: "maria", name: "Maria Lange", role: "engineer", scope: "berlin" },
  { id: "p3", username: "jan", name: "Jan Novák", role: "operator", scope: "berlin/painting" },
];

export const deadLetters = [
  { id: "l1", reason: "unknown-asset", detail: "No machine at berlin/painting/line-9/robot-1; describe it with `andon plant apply`", source: "factory/berlin/painting/line-9/robot-1", device: "dev-4f7a1c", at: ago(2), payload: '{"ts":1795000000000,"values":{"temperature":61.2,"state":"RUN"}}' },
  { id: "l2", reason: "malformed", detail: "JSON ends at byte 41; the object is not closed", source: "factory/berlin/press-shop/line-1/press-1", device: "dev-9b20e3", at: ago(14), payload: '{"ts":1795000000000,"values":{"oil_tempera' },
  { id: "l3", reason: "forbidden", detail: "dev-aa01b7 may publish below dresden, not below berlin", source: "factory/berlin/utilities/air/compressor-1", device: "dev-aa01b7", at: ago(55), payload: "" },
  { id: "l4", reason: "too-old", detail: "Measured 41 d ago; the store keeps 30 d of raw data", source: "factory/dresden/assembly/line-1/belt-1/speed", device: "dev-4f7a1c", at: ago(200), payload: "0.61" },
];
