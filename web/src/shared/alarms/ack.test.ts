import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import type { Alarm } from "@/shared/api/types";

vi.hoisted(() => {
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("window", { addEventListener: () => undefined });
});
const { acknowledge, inPacks } = await import("./ack");
const { OPEN_ALARMS } = await import("./feed");

const alarm = (id: string, state: Alarm["state"] = "unacknowledged"): Alarm => ({ id, state }) as Alarm;

function stage(alarms: Alarm[], answer: (path: string) => unknown) {
  const client = new QueryClient();
  client.setQueryData(OPEN_ALARMS, alarms);
  const asked: [path: string, body: unknown][] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push([path, JSON.parse(String(init.body))]);
    return new Response(JSON.stringify(answer(path)));
  });
  return { client, asked };
}

it("takes the answer for one alarm into the list", async () => {
  const { client, asked } = stage([alarm("a"), alarm("b")], () => alarm("a", "acknowledged"));
  await acknowledge(client, [alarm("a")], "on my way");
  expect(asked).toEqual([["/api/alerting/v1/alarms/a/ack", { comment: "on my way" }]]);
  expect(client.getQueryData(OPEN_ALARMS)).toEqual([alarm("a", "acknowledged"), alarm("b")]);
});

it("sends a selection in packs, with one comment", async () => {
  const many = Array.from({ length: 2001 }, (_, i) => alarm(`a${i}`));
  const { client, asked } = stage(many, () => ({ acknowledged: 1, unchanged: 0 }));
  await acknowledge(client, many, "power cut");
  expect(asked.map(([path, body]) => [path, (body as { ids: string[] }).ids.length])).toEqual([1000, 1000, 1].map((n) => ["/api/alerting/v1/alarms/ack", n]));
});

it("cuts nothing into no packs", () => expect(inPacks([])).toEqual([]));
