/** Opens the dialog that makes a file of what is on screen. */

import { Download } from "lucide-react";
import { useState } from "react";
import { later } from "@/shared/later";
import { Button } from "@/shared/ui/Button";
import type { Stretch, What } from "./exports";
import { texts } from "./texts";

const ExportDialog = later(async () => (await import("./ExportDialog")).default);

interface Props {
  what: What;
  /** Whether it has an arithmetic: states and switches have none. */
  numbers: boolean;
  /** Asked when the dialog opens: what is on screen moves with the clock. */
  stretch: () => Stretch;
}

export function ExportButton({ what, numbers, stretch }: Props) {
  const [asked, setAsked] = useState<Stretch | null>(null);
  return (
    <>
      <Button look="quiet" onClick={() => setAsked(stretch())}><Download size={16} /> {texts().open}</Button>
      {asked && <ExportDialog what={what} numbers={numbers} start={asked} onClose={() => setAsked(null)} />}
    </>
  );
}
