/** Server-sent events read from a fetched body; EventSource cannot carry a bearer header. */

export interface ServerEvent {
  event: string;
  data: string;
}

/** Cuts a stream of text into events; `push` returns those a chunk completes. */
export class EventReader {
  private rest = "";

  push(chunk: string): ServerEvent[] {
    const text = this.rest + chunk;
    // A CR at the end may be half of a CRLF: what it is shows with the next chunk.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const blocks = whole.replace(/\r\n?/g, "\n").split("\n\n");
    this.rest = (blocks.pop() ?? "") + text.slice(whole.length);
    return blocks.flatMap((block) => parse(block) ?? []);
  }
}

function parse(block: string): ServerEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue; // Comments (": ping") keep the connection open and say nothing.
    const value = line.slice(colon + 1).replace(/^ /, "");
    const field = line.slice(0, colon);
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
  }
  return data.length ? { event, data: data.join("\n") } : null;
}
