/** Documents as they are typed: what makes one whole. Pure. */

import type { Paper } from "./changes";

/** A page of the web, or of Andon itself; nothing that a browser would run. */
export const isReachable = (url: string): boolean => /^(https?:\/\/[^\s@/?#]+([/?#]\S*)?|\/(?!\/)[^\s\\]*)$/.test(url);

export const arePapersWhole = (papers: readonly Paper[]): boolean => papers.every(({ title, url }) => title.trim() !== "" && isReachable(url.trim()));
