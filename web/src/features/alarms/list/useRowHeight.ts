/** How high each row is: on a phone it is a card, which is lower where nothing can be done. All are alike, so that a list of thousands knows its height. */

import { useSyncExternalStore } from "react";

const ROW_PX = 62;
const CARD_PX = 142;
const READ_ONLY_PX = 130;

const phone = globalThis.matchMedia?.("(max-width: 700px)");

function onPhone(wake: () => void): () => void {
  phone.addEventListener("change", wake);
  return () => phone.removeEventListener("change", wake);
}

export const useRowHeight = (acts: boolean): number => useSyncExternalStore(onPhone, () => (!phone.matches ? ROW_PX : acts ? CARD_PX : READ_ONLY_PX));
