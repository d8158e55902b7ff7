/** Writes `shell.json` into a build: the files the pages are made of, which the service worker keeps. */

import type { Plugin } from "vite";

const OWN = ["/andon.svg", "/manifest.webmanifest"];

export const shell = (): Plugin => ({
  name: "andon-shell",
  enforce: "post",
  generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter((name) => name.startsWith("assets/")).map((name) => `/${name}`);
    this.emitFile({ type: "asset", fileName: "shell.json", source: JSON.stringify([...OWN, ...files.sort()]) });
  },
});
