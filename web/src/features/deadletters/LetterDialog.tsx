/** One dead letter with its original bytes, as text or hex. */

import { useMemo, useState } from "react";
import type { DeadLetter } from "@/shared/api/types";
import { fullTimeText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { bytesOf, hexDump, sizeText, textOf } from "./bytes";
import css from "./DeadLettersPage.module.css";
import { reasonText } from "./reasons";

export function LetterDialog({ letter, onClose }: { letter: DeadLetter; onClose: () => void }) {
  const [isHex, setHex] = useState(letter.encoding === "base64");
  const bytes = useMemo(() => bytesOf(letter), [letter]);
  const cut = letter.size > bytes.length ? `the first ${sizeText(bytes.length)} of ${sizeText(letter.size)}` : sizeText(letter.size);
  return (
    <Dialog title={reasonText(letter.reason)} onClose={onClose} wide>
      <dl className={css["facts"]}>
        <dt>Why</dt><dd>{letter.detail}</dd>
        <dt>From</dt><dd>{letter.source}{letter.device && `, device ${letter.device}`}</dd>
        <dt>When</dt><dd>{fullTimeText(Date.parse(letter.at))}</dd>
      </dl>
      {bytes.length === 0 ? <p className={css["none"]}>The broker dropped the message; its bytes were not kept.</p> : (
        <>
          <div className={css["forms"]} role="group" aria-label="Show bytes as">
            <span>Original bytes, {cut}</span>
            <Button aria-pressed={!isHex} onClick={() => setHex(false)}>Text</Button>
            <Button aria-pressed={isHex} onClick={() => setHex(true)}>Hex</Button>
          </div>
          <pre className={`${css["bytes"]} ${isHex ? "" : css["text"]}`} tabIndex={0}>{isHex ? hexDump(bytes) : textOf(bytes)}</pre>
        </>
      )}
    </Dialog>
  );
}
