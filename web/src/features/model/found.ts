/** Places found by what is typed, with the way to them. Pure. */

import { above } from "@/features/tree/rows";
import type { Tree } from "@/shared/plant/tree";

export interface Found {
  visible: ReadonlySet<string>;
  /** Places to open, so that what was found is seen. */
  open: ReadonlySet<string>;
}

/** Those that have every word in name, type or path; undefined while nothing is typed. */
export function found({ byPath, sites }: Tree, query: string): Found | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const within = new Set(sites.map(({ path }) => path));
  const [visible, open] = [new Set<string>(), new Set<string>()];
  for (const { path, name, type } of byPath.values()) {
    const text = `${name} ${type} ${path}`.toLowerCase();
    if (!words.every((word) => text.includes(word)) || !within.has(path.split("/")[0] ?? "")) continue;
    visible.add(path);
    for (const one of above(path)) { visible.add(one); open.add(one); }
  }
  return { visible, open };
}
