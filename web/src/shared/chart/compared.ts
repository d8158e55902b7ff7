/** The sensors that were compared last in this tab: "Compare" on another sensor's page adds to them. */

const KEY = "andon.compared";

export function compared(): string[] {
  const found: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  return Array.isArray(found) ? found.filter((path): path is string => typeof path === "string") : [];
}

export const rememberCompared = (sensors: readonly string[]): void => sessionStorage.setItem(KEY, JSON.stringify(sensors));
