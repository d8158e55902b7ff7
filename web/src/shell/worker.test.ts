import { beforeEach, describe, expect, it, vi } from "vitest";
import source from "../../public/sw.js?raw";

const HERE = "https://andon.example";
type Handler = (event: object) => void;

/** A browser's service worker: a network that answers or not, and what is kept. */
function worker() {
  const handlers = new Map<string, Handler>();
  const kept = new Map<string, string>();
  const network = new Map<string, { body: string; type: string }>();
  const pathOf = (request: string | { url: string }) => new URL(typeof request === "string" ? request : request.url, HERE).pathname;
  const fetch = vi.fn(async (request: string | { url: string }) => {
    const found = network.get(pathOf(request));
    if (!found) throw new TypeError("no network");
    const answer = { ok: true, body: found.body, headers: new Headers({ "content-type": found.type }), json: async () => JSON.parse(found.body) as unknown, clone: () => answer };
    return answer;
  });
  const cache = {
    keys: async () => [...kept.keys()].map((path) => ({ url: HERE + path })),
    match: async (request: string | { url: string }) => kept.get(pathOf(request)),
    put: async (path: string, answer: { body: string }) => void kept.set(path, answer.body),
    add: async (path: string) => void kept.set(path, (await fetch(path)).body),
    delete: async (path: string) => kept.delete(path),
  };
  const self = {
    addEventListener: (name: string, handler: Handler) => handlers.set(name, handler),
    location: { origin: HERE }, caches: { open: async () => cache }, clients: { claim: async () => undefined }, skipWaiting: () => undefined,
  };
  // oxlint-disable-next-line no-implied-eval -- as a browser does with this file
  new Function("self", "fetch", source)(self, fetch);
  const work: unknown[] = [];
  const waitUntil = (promise: unknown) => work.push(promise);
  async function ask(path: string, more: object = {}): Promise<unknown> {
    let answer: unknown = "left to the browser";
    handlers.get("fetch")?.({ request: { url: path.startsWith("http") ? path : HERE + path, method: "GET", mode: "no-cors", ...more }, respondWith: (promise: unknown) => (answer = promise), waitUntil });
    const said = await answer;
    await Promise.all(work.splice(0));
    return typeof said === "string" ? said : (said as { body: string }).body;
  }
  const install = async () => {
    handlers.get("install")?.({ waitUntil });
    await Promise.all(work.splice(0));
  };
  const serves = (files: readonly string[], page: string) => {
    network.clear();
    files.forEach((path) => network.set(path, { body: `file ${path}`, type: "text/javascript" }));
    network.set("/shell.json", { body: JSON.stringify(files), type: "application/json" });
    for (const path of ["/", "/alarms"]) network.set(path, { body: page, type: "text/html" });
  };
  return { kept, network, ask, install, serves };
}

let browser: ReturnType<typeof worker>;
beforeEach(async () => {
  browser = worker();
  browser.serves(["/assets/index-1.js"], "page 1");
  await browser.install();
});
const navigate = (path: string) => browser.ask(path, { mode: "navigate" });

describe("without network", () => {
  beforeEach(() => browser.network.clear());
  it("opens every address by the page and the files that were kept", async () => {
    expect(await navigate("/plant/berlin?range=1h")).toBe("page 1");
    expect(await browser.ask("/assets/index-1.js")).toBe("file /assets/index-1.js");
  });
  it("answers nothing in the name of the API, of Grafana, or of others", async () => {
    for (const path of ["/api/query/v1/latest", "/grafana/d/andon", "https://elsewhere.example/x.js"]) expect(await browser.ask(path)).toBe("left to the browser");
    expect(await browser.ask("/alarms", { method: "POST", mode: "navigate" })).toBe("left to the browser");
  });
});

it("with network, takes the newest page, and keeps its files instead of the old ones", async () => {
  browser.serves(["/assets/index-2.js"], "page 2");
  expect(await navigate("/alarms")).toBe("page 2");
  expect([...browser.kept.keys()].sort()).toEqual(["/", "/assets/index-2.js"]);
  browser.network.clear();
  expect(await navigate("/alarms")).toBe("page 2");
});

it("goes on with the page it has while a file of the newer one is missing", async () => {
  browser.serves(["/assets/index-2.js"], "page 2");
  browser.network.delete("/assets/index-2.js");
  expect(await navigate("/alarms")).toBe("page 2");
  browser.network.clear();
  expect(await navigate("/alarms")).toBe("page 1");
  expect(await browser.ask("/assets/index-1.js")).toBe("file /assets/index-1.js");
});
