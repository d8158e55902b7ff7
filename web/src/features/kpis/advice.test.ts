import { afterEach, expect, it } from "vitest";
import { AS_BROWSER, prefer } from "@/shared/preferences/preferences";
import { adviceText, changeOf, lengthened } from "./advice";

afterEach(() => { prefer(AS_BROWSER); });

/** Every sentence of alerting's kpis/advice.py, and what it changes. */
const SAID = [
  ["An on-delay longer by 5 s would have kept 8 of 10 away; the others would be told 5 s later.", "Eine um 5 s längere Einschaltverzögerung hätte 8 von 10 vermieden; die anderen kämen 5 s später.", { field: "on_delay", longer: 5000 }],
  ["An off-delay longer by 2 min would have merged 82 % of its 90 returns.", "Eine um 2 min längere Ausschaltverzögerung hätte 82 % der 90 Wiederkehrer zusammengefasst.", { field: "off_delay", longer: 120_000 }],
  ["Chatters, and an off-delay longer by 10 min would merge 3 of its 90 returns alone: review the limit, or set a deadband.", "Flattert; eine um 10 min längere Ausschaltverzögerung würde nur 3 von 90 Wiederkehrern zusammenfassen: Grenzwert prüfen oder eine Hysterese setzen.", undefined],
  ["Asks again without having cleared: review the levels of its ladder, or when it realarms.", "Meldet sich erneut, ohne weg gewesen zu sein: Stufen der Regel prüfen, oder wann sie erneut meldet.", undefined],
  ["Active for 2 d 7 h: review the limit, for this is a state and no alarm.", "Steht seit 2 d 7 h an: Grenzwert prüfen, das ist ein Zustand und kein Alarm.", undefined],
  ["None of 12 was acknowledged: review whether anybody needs it.", "Keiner von 12 wurde quittiert: Prüfen, ob ihn jemand braucht.", undefined],
] as const;

it.each(SAID)("%s", (english, german, change) => {
  prefer({ language: "en" });
  expect(adviceText(english)).toBe(english);
  prefer({ language: "de" });
  expect(adviceText(english)).toBe(german);
  expect(changeOf(english)).toEqual(change);
});

it("says two sentences, and leaves what it does not know", () => {
  prefer({ language: "de" });
  expect(adviceText(`${SAID[1][0]} ${SAID[4][0]}`)).toBe(`${SAID[1][1]} ${SAID[4][1]}`);
  expect(adviceText("Buy a new machine.")).toBe("Buy a new machine.");
});

it("makes the rule's delay longer", () => {
  const change = { field: "off_delay", longer: 60_000 } as const;
  expect([lengthened("5s", change), lengthened("500ms", change), lengthened("", change)]).toEqual(["65s", "60.5s", "60s"]);
});
