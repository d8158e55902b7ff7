/** The star: keeps the page as it is now under a name. */

import { Star } from "lucide-react";
import { useState } from "react";
import { later } from "@/shared/later";
import { useAddress } from "./address";
import { useViews } from "./queries";
import { texts } from "./texts";

const SaveDialog = later(async () => (await import("./SaveDialog")).default);

export function SaveView({ className }: { className: string | undefined }) {
  const address = useAddress();
  const [isOpen, setOpen] = useState(false);
  const isSaved = useViews().data?.some((v) => v.mine && v.address === address) ?? false;
  const { save } = texts();
  return (
    <>
      <button type="button" className={className} onClick={() => setOpen(true)} aria-haspopup="dialog" aria-label={save} title={save}>
        <Star size={20} fill={isSaved ? "currentColor" : "none"} aria-hidden />
      </button>
      {isOpen && <SaveDialog address={address} onClose={() => setOpen(false)} />}
    </>
  );
}
