/** Asks once more before something that cannot be taken back. */

import { useMutation } from "@tanstack/react-query";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Buttons } from "./Form";
import { Failure } from "./Page";

interface Props {
  title: string;
  /** What will happen, in plain words. */
  children: React.ReactNode;
  /** The verb on the button. */
  verb: string;
  act: () => Promise<unknown>;
  onClose: () => void;
}

export function Confirm({ title, children, verb, act, onClose }: Props) {
  const doing = useMutation({ mutationFn: act, onSuccess: onClose });
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      {doing.error && <Failure error={doing.error} />}
      <Buttons>
        <Button onClick={onClose} autoFocus>Cancel</Button>
        <Button look="main" onClick={() => doing.mutate()} disabled={doing.isPending}>{verb}</Button>
      </Buttons>
    </Dialog>
  );
}
