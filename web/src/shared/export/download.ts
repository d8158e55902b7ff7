/** Hands a table that the page has made to whoever looks, as a file. */

/** Long enough for the browser to begin to read it. */
const READ_MS = 10_000;

export function download(name: string, text: string, type = "text/csv"): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), READ_MS);
}
