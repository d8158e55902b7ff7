/** The andon board on the wall of the shop floor: it rotates by itself, and nobody has to touch it for months. */

import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useAlarmStream, useOpenAlarms } from "@/shared/alarms/feed";
import { useRenewal } from "@/shared/api/renewal";
import { useFeed, useNow, useWant } from "@/shared/live/hooks";
import { useConditions, usePlant, useSeed } from "@/shared/plant/queries";
import type { Tree } from "@/shared/plant/tree";
import { Loaded, Note } from "@/shared/ui/Page";
import { useFreshPage, useScreenOn } from "./awake";
import { Picture } from "./Picture";
import { picturesOf, rootsOf } from "./pictures";
import { shiftAt } from "./shift";
import { StatusLine } from "./StatusLine";
import { texts } from "./texts";
import css from "./TvPage.module.css";
import { useRotation } from "./useRotation";
import { stayMs, type TvView } from "./view";

const SHIFT_MS = 60_000;

export function TvPage({ view }: { view: TvView }) {
  const under = view.under ?? "";
  const plant = usePlant();
  const { state } = useFeed();
  const [x, y] = shiftAt(useNow(SHIFT_MS));
  useAlarmStream();
  useRenewal();
  useScreenOn();
  useFreshPage();
  useSeed(under);
  useWant(under, 1);
  return (
    <main tabIndex={0} className={css["tv"]} data-feed={state} aria-label={texts().board}>
      <div className={css["shifted"]} style={{ transform: `translate(${x}px, ${y}px)` }}>
        <Loaded query={plant}>
          {(tree) => (rootsOf(tree, under).length > 0 ? <Board tree={tree} view={view} /> : <Note>{texts().nowhere(under)}</Note>)}
        </Loaded>
      </div>
    </main>
  );
}

function Board({ tree, view }: { tree: Tree; view: TvView }) {
  const under = view.under ?? "";
  const conditions = useConditions(tree);
  const alarms = useOpenAlarms().data;
  const pictures = picturesOf(tree, conditions, under);
  const [now, step] = useRotation(pictures, alarms, stayMs(view));
  useKeys(step, under);
  return (
    <>
      <Picture tree={tree} path={now} conditions={conditions} alarms={alarms ?? []} />
      <StatusLine tree={tree} conditions={conditions} alarms={alarms ?? []} under={under} at={pictures.indexOf(now)} of={pictures.length} />
    </>
  );
}

/** A remote control has arrows; a keyboard also F for the full screen and Esc for the way out. */
function useKeys(step: (by: number) => void, under: string): void {
  const navigate = useNavigate();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowRight" || event.key === "ArrowDown") step(1);
      else if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(-1);
      else if (event.key === "f") void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
      else if (event.key === "Escape") void (under ? navigate({ to: "/plant/$", params: { _splat: under } }) : navigate({ to: "/" }));
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [step, under, navigate]);
}
