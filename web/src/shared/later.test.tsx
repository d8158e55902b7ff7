import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { later } from "./later";

const Page = ({ name }: { name: string }) => <h1>{name}</h1>;
const made = () => later<{ name: string }>(async () => Page, () => <p>Loading</p>);

test("until its code has come something else stands in its place", () => {
  const Later = made();
  expect(renderToString(<Later name="Alarms" />)).toContain("Loading");
});

test("what was fetched beforehand is drawn at once", async () => {
  const Later = made();
  await Later.preload();
  expect(renderToString(<Later name="Alarms" />)).toBe("<h1>Alarms</h1>");
});
