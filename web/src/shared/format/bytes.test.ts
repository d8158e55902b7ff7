import { expect, it } from "vitest";
import { bytesOf, hexDump, sizeText, textOf } from "./bytes";

it("gives the original bytes back, whichever way they were sent", () => {
  expect([...bytesOf({ payload: "ü", encoding: "utf-8" })]).toEqual([0xc3, 0xbc]);
  expect([...bytesOf({ payload: "/wB7", encoding: "base64" })]).toEqual([0xff, 0x00, 0x7b]);
  expect(textOf(Uint8Array.of(0x7b, 0xff))).toBe("{\ufffd");
});

it("dumps sixteen bytes a line, with what can be printed beside them", () => {
  const lines = hexDump(new TextEncoder().encode('{"values":{"a":1}}\n')).split("\n");
  expect(lines[0]).toBe('00000000  7b 22 76 61 6c 75 65 73 22 3a 7b 22 61 22 3a 31  {"values":{"a":1');
  expect(lines[1]?.startsWith("00000010  7d 7d 0a ")).toBe(true);
  expect(lines[1]?.endsWith("  }}·")).toBe(true);
});

it("stops dumping before a browser suffers", () => expect(hexDump(new Uint8Array(100_000)).split("\n")).toHaveLength(256));

it.each([[0, "0 B"], [999, "999 B"], [3_400, "3.4 kB"], [12_345_678, "12.3 MB"], [20e9, "20.0 GB"]])("%d is %s", (bytes, text) => expect(sizeText(bytes).replace(",", ".")).toBe(text));
