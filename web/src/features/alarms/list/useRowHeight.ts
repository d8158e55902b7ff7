/** How high each row is: on a phone it is a card. All are alike, so that a list of thousands knows its height. */

import { useSyncExternalStore } from "react";

const ROW_PX = 62;
const CARD_PX = 142;

const phone = globalThis.matchMedia?.("(max-width: 700px)");

function onPhone(wake: () => void): () => void {
  phone.addEventListener("change", wake);
  return () => phone.removeEventListener("change", wake);
}

export const useRowHeight = (): number => useSyncExternalStore(onPhone, () => (phone.matches ? CARD_PX : ROW_PX));
