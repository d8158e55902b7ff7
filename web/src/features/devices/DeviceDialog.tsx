/** Add a device. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import type { Credential } from "@/shared/api/types";
import { PartField } from "@/shared/plant/PartField";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { REGISTRY } from "./queries";

export function DeviceDialog({ onMade, onClose }: { onMade: (credential: Credential) => void; onClose: () => void }) {
  const own = useSession()?.scope ?? "";
  const [name, setName] = useState("");
  const [scope, setScope] = useState<string>();
  const making = useMutation({ mutationFn: () => post(`${REGISTRY}/devices`, {}, { name: name.trim(), scope: scope || own }), onSuccess: onMade });
  return (
    <Dialog title="Add device" onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); making.mutate(); }}>
        <TextField label="Name" value={name} onText={setName} placeholder="Gateway paint shop" hint="What and where it is, for people." required maxLength={200} autoFocus />
        <PartField label="May publish for" value={scope} onPick={setScope} machines whole={own || "Whole plant"} />
        {making.error && <Failure error={making.error} />}
        <Buttons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={making.isPending || !name.trim() || scope === undefined}>Add device</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
