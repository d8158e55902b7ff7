/** A sparkline that goes on: stored minutes, then what arrives while the page is open. */

import { useEffect, useRef } from "react";
import { useCell, useNow } from "@/shared/live/hooks";
import { Sparkline } from "@/shared/ui/Sparkline";
import { SPARK_MS, useSpark } from "./sparks";

const STEP_MS = 2_000;
const GAP_MS = 30_000;

export function LiveSpark({ sensor }: { sensor: string }) {
  const stored = useSpark(sensor) ?? [];
  const cell = useCell(sensor);
  const now = useNow(STEP_MS);
  const tail = useRef<[number, number][]>([]);
  useEffect(() => {
    if (typeof cell?.value !== "number" || cell.ts - (tail.current.at(-1)?.[0] ?? 0) < STEP_MS) return;
    tail.current.push([cell.ts, cell.value]);
    if (tail.current.length > SPARK_MS / STEP_MS) tail.current.shift();
  }, [cell]);
  const seam = stored.at(-1)?.[0] ?? 0;
  const points = [...stored, ...tail.current.filter(([ts]) => ts > seam)];
  return <Sparkline points={points} from={now - SPARK_MS} to={now} gapMs={GAP_MS} />;
}
