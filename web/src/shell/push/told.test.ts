import { describe, expect, it, vi } from "vitest";
import source from "../../../public/sw.js?raw";

type Handler = (event: object) => void;

/** The service worker as a browser runs it, with what it asks of the browser written down. */
function worker(pages: object[] = []) {
  const handlers = new Map<string, Handler>();
  const shown = vi.fn<(title: string, options: Record<string, unknown>) => Promise<void>>(async () => undefined);
  const opened = vi.fn<(place: string) => Promise<void>>(async () => undefined);
  const self = {
    addEventListener: (name: string, handler: Handler) => handlers.set(name, handler),
    location: { origin: "https://andon.example" },
    registration: { showNotification: shown },
    clients: { matchAll: async () => pages, openWindow: opened, claim: async () => undefined },
  };
  // oxlint-disable-next-line no-implied-eval -- as a browser does with this file
  new Function("self", source)(self);
  async function run(name: string, event: object): Promise<void> {
    let work: Promise<unknown> | undefined;
    handlers.get(name)?.({ ...event, waitUntil: (promise: Promise<unknown>) => (work = promise) });
    await work;
  }
  return { shown, opened, push: (message: unknown) => run("push", { data: { json: () => message } }), run };
}

const MESSAGE = { title: "[high] Gearbox hot", body: "81.2 °C", tag: "a1b2", key: "a1b2/3", url: "https://andon.example/plant/x", acknowledge: "https://andon.example/api/alerting/v1/acknowledge/t", severity: "high" };
const click = (data: object, action = "") => ({ action, notification: { close: () => undefined, data } });

describe("a message", () => {
  it("is shown, takes the place of an earlier one, and leads to the alarm", async () => {
    const { shown, push } = worker();
    await push(MESSAGE);
    expect(shown).toHaveBeenCalledWith("[high] Gearbox hot", expect.objectContaining({
      body: "81.2 °C", tag: "a1b2", renotify: true, silent: false,
      data: { place: '/alarms?alarm=%22a1b2%22', acknowledge: "/api/alerting/v1/acknowledge/t" }, actions: [{ action: "acknowledge", title: "Acknowledge" }],
    }));
  });
  it("of many alarms leads where it says, on this server", async () => {
    const { shown, push } = worker();
    await push({ ...MESSAGE, key: "digest-7", tag: "line", url: "https://elsewhere.example/alarms?under=x", acknowledge: "" });
    expect(shown.mock.calls[0]?.[1]).toMatchObject({ data: { place: "/alarms?under=x" }, actions: [] });
  });
  it.each(["good", "ended"])("that something is over (%s) makes no noise", async (severity) => {
    const { shown, push } = worker();
    await push({ ...MESSAGE, severity });
    expect(shown.mock.calls[0]?.[1]).toMatchObject({ silent: true, renotify: false });
  });
  it("that cannot be read is shown all the same", async () => {
    const { shown, run } = worker();
    await run("push", { data: null });
    expect(shown.mock.calls[0]).toMatchObject(["Andon", { data: { place: "/alarms", acknowledge: "" }, actions: [] }]);
  });
});

describe("a click", () => {
  it("opens a page where there is none", async () => {
    const { opened, run } = worker();
    await run("notificationclick", click({ place: "/alarms?alarm=a" }));
    expect(opened).toHaveBeenCalledWith("/alarms?alarm=a");
  });
  it("steers a page that is there", async () => {
    const page = { focus: vi.fn(async () => undefined), navigate: vi.fn(async () => undefined) };
    const { opened, run } = worker([page]);
    await run("notificationclick", click({ place: "/alarms?alarm=a" }));
    expect([page.navigate.mock.calls, opened.mock.calls]).toEqual([[["/alarms?alarm=a"]], []]);
  });
  it("on “Acknowledge” opens what acknowledges", async () => {
    const { opened, run } = worker();
    await run("notificationclick", click({ place: "/alarms", acknowledge: "/api/x" }, "acknowledge"));
    expect(opened).toHaveBeenCalledWith("/api/x");
  });
});
