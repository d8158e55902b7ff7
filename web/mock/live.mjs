/** The live feed: one sample per sensor and second, conflated to what each client asks for. */

import { isSilent, valueAt } from "./values.mjs";

const below = (path, under) => under === "" || path === under || path.startsWith(`${under}/`);

export function attach(wss, sensors) {
  let refusing = false;
  process.on("SIGUSR1", () => {
    refusing = true;
    wss.clients.forEach((c) => c.terminate());
    setTimeout(() => (refusing = false), 20_000);
  });
  wss.on("connection", (socket) => {
    if (refusing) return socket.terminate();
    let timer;
    let wish = { under: [] };
    const frame = () => {
      const ts = Date.now();
      const seen = sensors.filter((s) => !isSilent(s.path) && wish.under.some((u) => below(s.path, u)));
      if (seen.length) socket.send(JSON.stringify({ samples: seen.map((s) => [s.path, ts, valueAt(s, ts), "good"]) }));
    };
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.op !== "subscribe") return;
      wish = message;
      if (message.since !== undefined) socket.send(JSON.stringify({ samples: [], gap: [message.since, Date.now()] }));
      clearInterval(timer);
      frame();
      timer = setInterval(frame, Math.max(wish.every ? Number(process.env.EVERY_MS ?? 250) : 1000, 1000 / (wish.max_hz || 1)));
    });
    socket.on("close", () => clearInterval(timer));
  });
}
