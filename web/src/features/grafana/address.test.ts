import { describe, expect, it } from "vitest";
import type { Asset } from "@/shared/api/types";
import { growTree } from "@/shared/plant/tree";
import { candidates, frameAddress, insideGrafana, readDoor, subjectOf, tabAddress, type Kind, type Subject } from "./address";

const PRESS: Subject = { kind: "machine", path: "berlin/pressing/line-1/press-1", measurement: "press" };
const LOOKS = { theme: "dark", zone: "Europe/Berlin" } as const;

const asked = (address: string): Record<string, string> => Object.fromEntries(new URL(address, "http://andon").searchParams);

describe("the address of a dashboard", () => {
  it("names the machine by a variable for each level, and where its samples lie", () => {
    const address = frameAddress("andon-machine", PRESS, {}, LOOKS);
    expect(new URL(address, "http://andon").pathname).toBe("/grafana/d/andon-machine");
    expect(asked(address)).toMatchObject({
      "var-site": "berlin", "var-area": "pressing", "var-line": "line-1", "var-machine": "press-1", "var-measurement": "press",
    });
  });

  it("names as much as its page does", () => {
    expect(asked(tabAddress("andon-site", { kind: "site", path: "berlin" }, {}, LOOKS))).not.toHaveProperty("var-area");
    expect(asked(tabAddress("andon-overview", { kind: "overview", path: "" }, {}, LOOKS))).not.toHaveProperty("var-site");
    const sensor = asked(tabAddress("andon-sensor", { kind: "sensor", path: `${PRESS.path}/oil` }, {}, LOOKS));
    expect(sensor).toMatchObject({ "var-machine": "press-1", "var-sensor": "oil", "var-measurement": "machine" });
  });

  it("hides in a frame what the page around it has, and nothing in a tab of its own", () => {
    const hidden = { kiosk: "true", hideLogo: "true", "_dash.hideTimePicker": "true", "_dash.hideVariables": "true", "_dash.hideLinks": "true" };
    expect(asked(frameAddress("u", PRESS, {}, LOOKS))).toMatchObject(hidden);
    expect(Object.keys(asked(tabAddress("u", PRESS, {}, LOOKS)))).not.toContain("kiosk");
  });

  it.each([
    [{}, { from: "now-480m", to: "now", refresh: "1m" }],
    [{ range: "15m" }, { from: "now-15m", to: "now", refresh: "10s" }],
    [{ range: "90s" }, { from: "now-90s", to: "now", refresh: "10s" }],
    [{ range: "500ms" }, { from: "now-1s", to: "now", refresh: "10s" }],
    [{ range: "365d" }, { from: "now-525600m", to: "now", refresh: "15m" }],
  ])("moves with the clock: %o", (view, time) => {
    expect(asked(frameAddress("u", PRESS, view, LOOKS))).toMatchObject(time);
  });

  it("stands still where the page does", () => {
    const stands = asked(frameAddress("u", PRESS, { from: 1_700_000_000_000.4, to: 1_700_000_060_000 }, LOOKS));
    expect(stands).toMatchObject({ from: "1700000000000", to: "1700000060000" });
    expect(stands).not.toHaveProperty("refresh");
  });

  it.each([["light", "light"], ["dark", "dark"], ["contrast", "light"]] as const)("looks as the page does: %s", (theme, there) => {
    expect(asked(frameAddress("u", PRESS, {}, { ...LOOKS, theme }))).toMatchObject({ theme: there, timezone: "Europe/Berlin" });
  });

  it("is that of its machine type before that of all", () => {
    expect(candidates("andon-machine", PRESS)).toEqual(["andon-machine-press", "andon-machine"]);
    expect(candidates("andon-machine", { ...PRESS, measurement: "" })).toEqual(["andon-machine"]);
    expect(candidates("andon-machine", { ...PRESS, measurement: "x".repeat(27) })).toEqual(["andon-machine"]);
    expect(candidates("andon-state", { ...PRESS, kind: "state" })).toEqual(["andon-state"]);
    expect(candidates("andon-site", { kind: "site", path: "berlin" })).toEqual(["andon-site"]);
  });

  it("is one whatever the uid is called", () => {
    expect(frameAddress("../api?x=", PRESS, {}, LOOKS)).toMatch(/^\/grafana\/d\/..%2Fapi%3Fx%3D\?/);
  });
});

describe("what a page is about", () => {
  const asset = (kind: Kind, path: string, sensors: string[] = []) =>
    ({ id: path, kind, path, slug: path, name: path, type: kind === "machine" ? "press" : "", labels: {}, warnings: [], documents: [],
      sensors: sensors.map((key) => ({ key, path: `${path}/${key}`, datatype: key === "state" ? "string" : "float" })) }) as unknown as Asset;
  const tree = growTree([asset("site", "berlin"), asset("area", "berlin/a"), asset("line", "berlin/a/l"), asset("machine", "berlin/a/l/p", ["oil", "state"])]);

  it.each([
    ["", { kind: "overview", path: "" }],
    ["berlin/a", { kind: "area", path: "berlin/a" }],
    ["berlin/a/l/p", { kind: "machine", path: "berlin/a/l/p", measurement: "press" }],
    ["berlin/a/l/p/oil", { kind: "sensor", path: "berlin/a/l/p/oil", measurement: "press" }],
    ["berlin/a/l/p/state", { kind: "state", path: "berlin/a/l/p/state", measurement: "press" }],
  ])("is what lies at its path: '%s'", (path, subject) => {
    expect(subjectOf(tree, path)).toMatchObject(subject);
  });

  it("is nothing where nothing is", () => {
    expect(subjectOf(tree, "berlin/b")).toBeNull();
  });
});

describe("the way in", () => {
  const origin = "https://andon.example";

  it.each([
    ["/grafana/d/andon-line?var-line=a%26b#x", "/grafana/d/andon-line?var-line=a%26b#x"],
    ["https://andon.example/grafana/", "/grafana/"],
    ["https://evil.example/grafana/", ""],
    ["//evil.example/grafana/", ""],
    ["/\\evil.example/grafana/", ""],
    ["/grafana/../alarms", ""],
    ["/grafana/%2e%2e/alarms", ""],
    ["/alarms", ""],
    ["javascript:alert(1)", ""],
    ["http://[", ""],
    ["", ""],
  ])("leads to Grafana alone: %s", (to, there) => {
    expect(insideGrafana(to, origin)).toBe(there);
  });

  it("reads where somebody wants to", () => {
    expect(readDoor({ to: "/grafana/" })).toEqual({ to: "/grafana/" });
    expect(readDoor({ to: 7 })).toEqual({});
  });
});
