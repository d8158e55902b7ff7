/** The theme on <html>, for style sheets and canvases: the one chosen, else what the system asks for. */

import { onPreferences, preferences, type Theme } from "./preferences";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const contrast = window.matchMedia("(prefers-contrast: more)");

export const theme = (): Theme => preferences().theme || (contrast.matches ? "contrast" : dark.matches ? "dark" : "light");

const listeners = new Set<() => void>();

function show(): void {
  const now = theme();
  if (document.documentElement.dataset["theme"] === now) return;
  document.documentElement.dataset["theme"] = now;
  listeners.forEach((tell) => tell());
}

/** Called after the theme has changed on <html>: for what is painted and must be painted anew. */
export function onTheme(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function followTheme(): void {
  show();
  onPreferences(show);
  dark.addEventListener("change", show);
  contrast.addEventListener("change", show);
}
