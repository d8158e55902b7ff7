/** Asks once more before something that cannot be taken back. */

import { useMutation } from "@tanstack/react-query";
import { Button } from "./Button";
import css from "./Confirm.module.css";
import { Dialog } from "./Dialog";
import { Buttons } from "./Form";
import { Failure } from "./Page";
import { words } from "./texts";

interface Props<T> {
  title: string;
  /** What will happen, in plain words. */
  children: React.ReactNode;
  /** The verb on the button. */
  verb: string;
  act: () => Promise<T>;
  onClose: () => void;
  /** Called with what `act` gave; closes when it is left out. */
  onDone?: (outcome: T) => void;
}

export function Confirm<T>({ title, children, verb, act, onClose, onDone = onClose }: Props<T>) {
  const doing = useMutation({ mutationFn: act, onSuccess: (outcome) => onDone(outcome) });
  return (
    <Dialog title={title} onClose={onClose}>
      <p className={css["text"]}>{children}</p>
      {doing.error && <Failure error={doing.error} />}
      <Buttons>
        <Button onClick={onClose} autoFocus>{words().cancel}</Button>
        <Button look="main" onClick={() => doing.mutate()} disabled={doing.isPending}>{verb}</Button>
      </Buttons>
    </Dialog>
  );
}
