/** Whom alarms call, figures and a rule's past, invented: enough to see every page with something on it. */

import { machines } from "./plant.mjs";

const DAY = 86_400_000;
const iso = (ms) => new Date(ms).toISOString();
const now = Date.now();

export const calendars = [
  { id: "k1", name: "early shift", zone: "Europe/Berlin", hours: [{ days: ["mon", "tue", "wed", "thu", "fri"], start: "06:00", end: "14:00" }], closed: ["2026-12-25"] },
  { id: "k2", name: "nights", zone: "Europe/Berlin", hours: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], start: "22:00", end: "06:00" }], closed: [] },
];
export const schedules = [{ id: "s1", name: "maintenance on call", zone: "Europe/Berlin", layers: [{ members: ["maintenance", "shift lead"], start: "2026-11-23T08:00:00", every: "3d", hours: null }] }];
export const policies = [{
  id: "p1", name: "night", steps: [{ after: "0s", to: ["maintenance"] }, { after: "15m", to: ["maintenance on call", "shift lead"] }],
  repeat: "1h", repeats: 3, quiet: { calendar: "nights", below: "high" }, group_by: "line", group_wait: "30s",
}];
export const silences = [{
  id: "q1", kind: "maintenance", under: "berlin/press-shop", rule: null, below: "high", from: iso(now - 3_600_000), to: iso(now + 2 * 3_600_000), weekly: false, zone: "UTC",
  until: null, reason: "New oil for the presses", by: "maria", created_at: iso(now - 3_600_000), ended_at: null, ended_by: null, holds: true,
}];
const message = (id, channel, state, more = {}) => ({
  id, channel, state, event: id === 4 ? "over" : "called", asset: "berlin/painting/line-1/robot-3", message: "Gearbox temperature is 81.2 °C, above 80 °C", attempts: 1, step: 0, repeat: 0, created_at: iso(now - id * 60_000), next_at: null, sent_at: null, error: null, reason: null, ...more,
});
export const notifications = [
  message(4, "maintenance", "sent", { sent_at: iso(now - 239_000) }),
  message(3, "mes", "failed", { attempts: 9, error: "mes.example.com answered 503" }),
  message(2, "shift lead", "muted", { reason: `silence until ${iso(now + 2 * 3_600_000)}` }),
  message(1, "shift lead", "pending", { step: 2, error: "the mail server does not answer", next_at: iso(now + 30_000), attempts: 2 }),
];

/** Turns of twelve hours up to three days, around now; in one of them nobody is on call. */
export function shifts(q) {
  const [from, to] = ["from", "to"].map((name) => Date.parse(q.get(name)));
  const turns = ["maria", "shift lead", "maintenance", "maria", null, "shift lead", "maintenance", "maria"];
  const lengths = [0.5, 2, 2, 0.5, 1, 3, 3, 9];
  let at = from + 0.25 * DAY;
  const found = turns.map((member, i) => ({ member, from: at, to: (at += lengths[i] * DAY) }));
  return [{ member: "shift lead", from, to: from + 0.25 * DAY }, ...found].map((one) => ({ ...one, from: iso(one.from), to: iso(Math.min(to, one.to)) })).filter((one) => one.from < one.to);
}

/** Somebody takes over for tonight. */
export const overrides = [{ id: "o1", member: "maria", from: iso(now + 3_600_000), to: iso(now + 9 * 3_600_000), by: "jan" }];

const figure = (name, title, value, target, rating, unit = "", note = "") => ({ name, title, value, unit, target, source: "ISA-18.2-2016", met: rating && rating === "good", rating, note });

const watch = (i) => ({ rule: `r${i}`, rule_name: ["Gearbox hot", "Oil hot", "Flow low"][i % 3], sensor: machines[i].sensors[1].path, asset_name: machines[i].name });

export function kpis() {
  const points = Array.from({ length: 168 }, (_, i) => [now - (168 - i) * 3_600_000, (i * 7) % 5, (i * 3) % 4 === 0 ? 2 : 0, i % 11 === 0 ? 3 : 0, i % 40 === 7 ? 4 : 0]);
  const offenders = machines.slice(0, 4).map((m, i) => ({
    rule: `r${i + 1}`, rule_name: "Gearbox hot", sensor: m.sensors[0].path, asset_name: m.name, count: 90 - i * 20, share: 24 - i * 5, chatter: 40 - i * 10, fleeting: i * 3, stale_seconds: i === 3 ? 200_000 : 0,
    median_active: 12 + i * 60, median_acknowledge: 95, unanswered: i, suggestion: [
      "An off-delay longer by 1 min would have merged 82 % of its 90 returns.", "An on-delay longer by 5 s would have kept 31 of 38 away; the others would be told 5 s later.",
      "", "Active for 2 d 7 h: review the limit, for this is a state and no alarm."][i],
  }));
  const waiting = { count: 120, median: 95, p90: 640, unanswered: 8 };
  return {
    start: iso(now - 7 * DAY), end: iso(now), under: "", annunciations: 612, late: 4, unseen: 12, watches: 41, priorities: {}, floods: [3, 1.2].map((days) => ({ start: iso(now - days * DAY), end: iso(now - days * DAY + 900_000 * days), seconds: 900 * days, count: 31, over: true })), flood_count: 2, hidden: { shelved: 1, suppressed: 0, "out-of-service": 1 },
    hidden_longest: [{ ...watch(4), state: "shelved", since: iso(now - 4 * DAY), seconds: 345_600 }, { ...watch(5), state: "out-of-service", since: iso(now - DAY), seconds: 86_400 }],
    pairs: [{ leader: watch(1), follower: watch(2), count: 24, share: 71.4 }], stale_per_day: [2, 3, 6, 8, 4, 3, 1].map((n, i) => [now - (7 - i) * DAY, n]), offenders, chart: { resolution: "1h", points }, time_to_acknowledge: { all: waiting, critical: waiting, high: waiting, medium: waiting, low: waiting },
    kpis: [
      figure("per_hour", "Annunciations per hour, average", 3.6, "at most 6, manageable 12", "good"), figure("peak_ten_minutes", "Fullest 10 minutes", 22, "at most 10", "poor"),
      figure("top_ten", "Share of the ten most frequent", 41, "at most 5 %", null, "%", "only 41 rules and sensors alarmed"), figure("flooded", "Time in floods", 2.4, "below 1 %", "fair", "%"),
    ],
  };
}

/** What a rule would have raised, wherever it looks. */
export function backtest({ rule, from }) {
  const days = (now - Date.parse(from)) / DAY || 7;
  // The higher its limit, the fewer.
  const count = Math.max(0, 14 + Math.round((80 - (Number(rule.condition.above) || 80)) * 2));
  const alarms = Array.from({ length: count }, (_, i) => {
    const since = now - days * DAY * ((count - i) / (count + 1)) ** 2;
    return { since: iso(since), until: iso(since + (i % 5 === 0 ? 5_400_000 : 8_000)), seconds: i % 5 === 0 ? 5400 : 8, level: "", severity: rule.severity, message: "Gearbox temperature is 81.2 °C, above 80 °C" };
  });
  const advice = (change, left, recommended = false) => ({ change, alarms_before: count, alarms: left, lost: 0, recommended, text: "" });
  const sensor = rule.scope.sensor.includes("/") ? rule.scope.sensor : machines[0].sensors[0].path;
  return {
    from: iso(now - days * DAY), to: iso(now), count, samples: 604_800,
    sensors: [{ sensor, asset: "m", unit: "Cel", count, active_seconds: 16_300, longest_seconds: 5400, flaps: 9, fleeting: 11, samples: 604_800, alarms, advice: [advice({ deadband: 1.6 }, 3, true), advice({ off_delay: "60s" }, 4)], advised_from: iso(now) }],
  };
}
