/** Adds a place below another one, or a site. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { Kind } from "@/shared/api/types";
import { isSlug, slugOf } from "@/shared/model/draft";
import { texts as modelTexts } from "@/shared/model/texts";
import { useTypes } from "@/shared/plant/queries";
import { PLATFORM, type Node } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { tell } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import css from "./ModelPage.module.css";
import { texts } from "./texts";
import { addPlace, useRefresh } from "./useModel";

interface Props {
  kind: Kind;
  /** Undefined: a site is to come. */
  parent: Node | undefined;
  siblings: readonly Node[];
  onAdded: (path: string) => void;
  onClose: () => void;
}

function faultOf(slug: string, { kind, siblings }: Props): string {
  const t = texts();
  if (slug === "") return "";
  if (!isSlug(slug)) return modelTexts().slugBad;
  if (kind === "site" && slug === PLATFORM) return t.slugReserved;
  return siblings.some((one) => one.slug === slug) ? t.slugTaken : "";
}

export function AddDialog(props: Props) {
  const { kind, parent, onAdded, onClose } = props;
  const t = texts();
  const refresh = useRefresh();
  const [name, setName] = useState("");
  /** Undefined while nobody has typed one: then it follows the name. */
  const [typed, setTyped] = useState<string>();
  const [type, setType] = useState("");
  const slug = typed ?? slugOf(name);
  const fault = faultOf(slug, props);
  const adding = useMutation({
    mutationFn: async ({ isLast }: { isLast: boolean }) => {
      const made = await addPlace({ parent: parent?.path ?? "", kind, slug, name: name.trim(), type });
      await refresh();
      return { made, isLast };
    },
    onSuccess: ({ made, isLast }) => {
      tell(t.added(made.name));
      if (isLast) return onAdded(made.path);
      setName("");
      setTyped(undefined);
    },
  });
  const isWhole = name.trim() !== "" && slug !== "" && fault === "";
  return (
    <Dialog title={t.addTitle[kind]} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); adding.mutate({ isLast: true }); }}>
        {parent && <p className={css["soft"]}>{t.below(parent.name)}</p>}
        <TextField label={t.name} value={name} onText={setName} required maxLength={200} autoFocus />
        <TextField label={t.slug} value={slug} onText={setTyped} required maxLength={63} spellCheck={false} autoCapitalize="none" aria-invalid={fault !== ""}
          hint={fault ? <span className={css["bad"]}>{fault}</span> : <>{t.slugHint} {slug && <code>{[parent?.path, slug].filter(Boolean).join("/")}</code>}</>} />
        {kind === "machine" && <TypeField value={type} onPick={setType} />}
        {adding.error && <Failure error={adding.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button onClick={() => adding.mutate({ isLast: false })} disabled={!isWhole || adding.isPending}>{t.addAndNext}</Button>
          <Button look="main" type="submit" disabled={!isWhole || adding.isPending}>{t.add[kind]}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

export function TypeField({ value, onPick, hint = texts().typeHint }: { value: string; onPick: (type: string) => void; hint?: string }) {
  const types = [...useTypes().values()].map(({ slug, name }) => [slug, name === slug ? slug : `${name} (${slug})`] as const);
  const stray = value && !types.some(([slug]) => slug === value) ? [[value, value] as const] : [];
  return <PickField label={texts().type} value={value} onPick={onPick} hint={hint} options={[["", texts().noType], ...types, ...stray]} />;
}
