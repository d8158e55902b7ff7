/** Opens the dialog that brings history of one machine from a file. For engineers. */

import { Upload } from "lucide-react";
import { useState } from "react";
import { useMay } from "@/shared/api/session";
import { later } from "@/shared/later";
import { Button } from "@/shared/ui/Button";
import { texts } from "./texts";

const ImportDialog = later(async () => (await import("./ImportDialog")).default);

export function ImportButton({ machine }: { machine: string }) {
  const [isOpen, setOpen] = useState(false);
  if (!useMay("engineer")) return null;
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}><Upload size={16} /> {texts().open}</Button>
      {isOpen && <ImportDialog machine={machine} onClose={() => setOpen(false)} />}
    </>
  );
}
