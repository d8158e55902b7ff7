/** One dead letter with its original bytes, as text or hex, to be saved as a file, and to be tried again. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download, RotateCcw } from "lucide-react";
import { useMemo, useState } from "react";
import { get, post, send } from "@/shared/api/http";
import type { DeadLetter } from "@/shared/api/types";
import { LETTERS, oneOf } from "@/shared/deadletters/keys";
import { fullTimeText } from "@/shared/format/time";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { bytesOf, hexDump, sizeText, textOf } from "@/shared/format/bytes";
import css from "./DeadLettersPage.module.css";
import { placeToMend } from "./mend";
import { reasonText } from "./reasons";
import { doneText, LETTERS_URL, stillText } from "./replay";
import { texts } from "./texts";

async function save(id: string): Promise<void> {
  const file = URL.createObjectURL(await (await send("get", `${LETTERS_URL}/{name}/payload`, { name: id })).blob());
  Object.assign(document.createElement("a"), { href: file, download: `deadletter-${id}.bin` }).click();
  URL.revokeObjectURL(file);
}

export function LetterDialog({ letter, onClose }: { letter: DeadLetter; onClose: () => void }) {
  const t = texts();
  const client = useQueryClient();
  const saving = useMutation({ mutationFn: () => save(letter.id) });
  const trying = useMutation({
    mutationFn: () => post(`${LETTERS_URL}/{name}/replay`, { name: letter.id }),
    onSuccess: () => client.invalidateQueries({ queryKey: LETTERS, refetchType: "active" }),
  });
  const error = trying.error ?? saving.error;
  return (
    <Dialog title={reasonText(letter.reason)} onClose={onClose} wide>
      <dl className={css["facts"]}>
        <dt>{t.why}</dt><dd>{letter.detail}</dd>
        <dt>{t.from}</dt><dd>{t.fromDevice(letter.source, letter.device)}</dd>
        <dt>{t.when}</dt><dd>{fullTimeText(Date.parse(letter.at))}</dd>
        <Mending letter={letter} />
        {letter.obstacle && <><dt>{t.replay}</dt><dd>{t.impossible(letter.obstacle)}</dd></>}
      </dl>
      <Bytes letter={letter} isGone={Boolean(trying.data?.replayed)} />
      {trying.data && <p role="status" className={css["said"]}>{trying.data.still_refused ? <b>{stillText(trying.data)}</b> : doneText(trying.data)}</p>}
      {error && <Failure error={error} />}
      <Buttons>
        {letter.payload && !trying.data?.replayed && <Button onClick={() => saving.mutate()} disabled={saving.isPending}><Download size={16} aria-hidden />{t.saveBytes}</Button>}
        {!letter.obstacle && !trying.data?.replayed && <Button look="main" onClick={() => trying.mutate()} disabled={trying.isPending}><RotateCcw size={16} aria-hidden />{t.replay}</Button>}
        {trying.data && trying.data.replayed > 0 && <Button look="main" onClick={onClose}>{t.close}</Button>}
      </Buttons>
    </Dialog>
  );
}

/** Straight to where the machine or sensor is added that the letter means. */
function Mending({ letter }: { letter: DeadLetter }) {
  const t = texts();
  const tree = usePlant().data;
  const place = tree && placeToMend(letter, tree);
  return place && <><dt>{t.mend}</dt><dd><Link to="/model" search={{ at: place }}>{t.mendIn(nameOf(tree, place))}</Link></dd></>;
}

function Bytes({ letter, isGone }: { letter: DeadLetter; isGone: boolean }) {
  const t = texts();
  const [isHex, setHex] = useState(letter.encoding === "base64");
  // The list has the beginning alone.
  const whole = useQuery({ queryKey: oneOf(letter.id), queryFn: ({ signal }) => get(`${LETTERS_URL}/{name}`, { name: letter.id }, signal), enabled: !isGone, staleTime: Infinity, retry: false });
  const bytes = useMemo(() => bytesOf(whole.data ?? letter), [whole.data, letter]);
  if (bytes.length === 0) return <p className={css["none"]}>{letter.size ? t.dropped : t.empty}</p>;
  const shown = letter.size > bytes.length ? t.firstOf(sizeText(bytes.length), sizeText(letter.size)) : sizeText(letter.size);
  return (
    <>
      <div className={css["forms"]} role="group" aria-label={t.showAs}>
        <span>{t.original(shown, letter.complete)}</span>
        <Button aria-pressed={!isHex} onClick={() => setHex(false)}>{t.asText}</Button>
        <Button aria-pressed={isHex} onClick={() => setHex(true)}>{t.asHex}</Button>
      </div>
      <pre className={`${css["bytes"]} ${isHex ? "" : css["text"]}`} tabIndex={0}>{isHex ? hexDump(bytes) : textOf(bytes)}</pre>
    </>
  );
}
