/** The label of a machine, read by the camera; where the browser cannot, what to do instead. */

import { useEffect, useRef, useState } from "react";
import { Dialog } from "@/shared/ui/Dialog";
import { Note } from "@/shared/ui/Page";
import css from "./Enter.module.css";
import { scannedMachine } from "./label";
import { texts } from "./texts";

/** The part of the Barcode Detection API that is used; TypeScript does not know it yet. */
interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}
type Detectors = new (options: { formats: string[] }) => Detector;

const detectors = (): Detectors | undefined => (window as { BarcodeDetector?: Detectors }).BarcodeDetector;

const STEP_MS = 200;

interface Props {
  onFound: (machine: string) => void;
  onClose: () => void;
}

export function ScanDialog({ onFound, onClose }: Props) {
  // Browsers give a camera to pages that came by https alone.
  const canScan = detectors() !== undefined && "mediaDevices" in navigator;
  return <Dialog title={texts().scan} onClose={onClose}>{canScan ? <Camera onFound={onFound} /> : <Note>{texts().noCamera}</Note>}</Dialog>;
}

function Camera({ onFound }: Pick<Props, "onFound">) {
  const video = useRef<HTMLVideoElement>(null);
  const found = useRef(onFound);
  const [trouble, setTrouble] = useState("");
  const [isOther, setOther] = useState(false);
  useEffect(() => { found.current = onFound; });
  useEffect(() => {
    const over = new AbortController();
    watch(video.current, over.signal, (text) => {
      const machine = scannedMachine(text);
      if (machine) found.current(machine);
      else setOther(true);
    }).catch((error: unknown) => { if (!over.signal.aborted) setTrouble(error instanceof Error ? error.message : String(error)); });
    return () => over.abort();
  }, []);
  if (trouble) return <Note>{texts().cameraOff(trouble)}</Note>;
  return (
    <>
      <video ref={video} className={css["camera"]} muted playsInline />
      <p className={css["hint"]} role="status">{isOther ? texts().otherCode : texts().scanHint}</p>
    </>
  );
}

/** Tell each code that the camera sees, until it is over. */
async function watch(video: HTMLVideoElement | null, over: AbortSignal, onText: (text: string) => void): Promise<void> {
  const Detectors = detectors();
  if (!video || !Detectors) return;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const end = (): void => stream.getTracks().forEach((track) => track.stop());
  if (over.aborted) return end();
  over.addEventListener("abort", end);
  video.srcObject = stream;
  await video.play();
  const detector = new Detectors({ formats: ["qr_code"] });
  while (!over.aborted) {
    const codes = await detector.detect(video);
    if (!over.aborted && codes[0]) onText(codes[0].rawValue);
    await new Promise((next) => setTimeout(next, STEP_MS));
  }
}
