/** Which place of the plant an address is about. Pure. */

/** Path of the node or sensor that `/plant/…` shows; '' where an address is about none. */
export function plantPath(address: string): string {
  const path = /^\/plant\/(.+)/.exec(address)?.[1] ?? "";
  try {
    return decodeURI(path);
  } catch {
    return path; // Typed by hand, with a % that stands for nothing: a place that is not there.
  }
}
