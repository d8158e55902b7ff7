import { describe, expect, it } from "vitest";
import { EventReader } from "./sse";

const told = 'event: alarm\ndata: {"id":"a"}\n\n';

describe("a stream of events", () => {
  it("is read whole", () => expect(new EventReader().push(told + told)).toHaveLength(2));
  it("may be cut anywhere", () => {
    for (let cut = 0; cut <= told.length; cut += 1) {
      const reader = new EventReader();
      expect([...reader.push(told.slice(0, cut)), ...reader.push(told.slice(cut))]).toEqual([{ event: "alarm", data: '{"id":"a"}' }]);
    }
  });
  it("skips the comments that keep it open", () => expect(new EventReader().push(`: ping\n\n${told}: ping\n\n`)).toHaveLength(1));
  it("joins lines of data, and takes 'message' for an event without a name", () =>
    expect(new EventReader().push("data: one\ndata:two\n\n")).toEqual([{ event: "message", data: "one\ntwo" }]));
  it("takes CRLF, even when a chunk ends within one", () => {
    const reader = new EventReader();
    const crlf = told.replaceAll("\n", "\r\n");
    const events = [...crlf].flatMap((char) => reader.push(char));
    expect(events).toEqual([{ event: "alarm", data: '{"id":"a"}' }]);
  });
});
