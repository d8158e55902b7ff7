/** A modal dialog: focus stays inside, Esc closes, focus returns. */

import { X } from "lucide-react";
import { Dialog as Inside, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./Button";
import css from "./Dialog.module.css";
import { words } from "./texts";

interface Props {
  title: string;
  onClose: () => void;
  /** Room for long lines. */
  wide?: boolean;
  children: React.ReactNode;
}

export function Dialog({ title, onClose, wide = false, children }: Props) {
  return (
    <ModalOverlay isOpen className={css["backdrop"] ?? ""} onOpenChange={(open) => !open && onClose()}>
      <Modal className={`${css["modal"]} ${wide ? css["wide"] : ""}`}>
        <Inside className={css["dialog"] ?? ""}>
          <div className={css["head"]}>
            <Heading slot="title" level={2}>{title}</Heading>
            <Button look="quiet" onClick={onClose} aria-label={words().close}><X size={20} /></Button>
          </div>
          {children}
        </Inside>
      </Modal>
    </ModalOverlay>
  );
}
