import { beforeEach, expect, it, vi } from "vitest";

const registry = { kept: {} as Record<string, unknown>, puts: [] as unknown[] };
let session: { name: string } | null = null;
const listeners: (() => void)[] = [];
vi.mock("@/shared/api/session", () => ({ session: () => session, onSession: (tell: () => void) => listeners.push(tell) }));
vi.mock("@/shared/api/http", () => ({
  get: async () => registry.kept,
  put: async (_path: string, _params: object, body: unknown) => registry.puts.push(body),
}));
vi.useFakeTimers();
const { AS_BROWSER, prefer, preferences } = await import("./preferences");
const { followPerson, speak } = await import("./follow");
followPerson();

async function comes(name: string, kept: object = {}): Promise<void> {
  registry.kept = { ...AS_BROWSER, ...kept };
  session = name ? { name } : null;
  listeners.forEach((tell) => tell());
  await vi.advanceTimersByTimeAsync(1_000);
}

beforeEach(async () => {
  await comes("");
  prefer(AS_BROWSER);
  registry.puts = [];
});

it("takes what a person chose elsewhere, and sends nothing back", async () => {
  await comes("ada", { theme: "dark", language: "de" });
  expect([preferences(), registry.puts]).toEqual([{ ...AS_BROWSER, theme: "dark", language: "de" }, []]);
});

it("keeps what somebody changes, one after another", async () => {
  await comes("ada");
  prefer({ zone: "Europe/Berlin" });
  prefer({ theme: "contrast" });
  await vi.advanceTimersByTimeAsync(1_000);
  prefer({ numbers: "de-CH" });
  await vi.advanceTimersByTimeAsync(1_000);
  const zone = { ...AS_BROWSER, zone: "Europe/Berlin" };
  expect(registry.puts).toEqual([zone, { ...zone, theme: "contrast" }, { ...zone, theme: "contrast", numbers: "de-CH" }]);
});

it("keeps the language that was chosen to sign in", async () => {
  speak("de");
  await comes("ada", { theme: "dark" });
  expect([preferences().language, registry.puts]).toEqual(["de", [{ ...AS_BROWSER, theme: "dark", language: "de" }]]);
});

it("gives nobody's choice to the next person", async () => {
  await comes("ada", { theme: "dark" });
  await comes("");
  expect(preferences().theme).toBe("dark");
  await comes("ben");
  expect([preferences().theme, registry.puts]).toEqual(["", []]);
});
