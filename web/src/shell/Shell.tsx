/** The frame around every page: the same place for navigation, search, alarms, clock and person. */

import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useLeaving } from "@/features/enter/leaving";
import { useSending } from "@/features/enter/sending";
import { asksForPalette, openPalette, typeAhead, usePaletteOpen } from "@/features/palette/door";
import { useVisits } from "@/features/palette/recent";
import { useTreeOpen } from "@/features/tree/open";
import { useAlarmStream } from "@/shared/alarms/feed";
import { AlarmSound } from "@/shared/alarms/sound/AlarmSound";
import { useFeed } from "@/shared/live/hooks";
import { FeedBanner } from "./FeedBanner";
import { LeaveDialog, Palette, PlantTree } from "./later";
import { PhoneBar } from "./PhoneBar";
import { isWithin } from "./places";
import { Rail } from "./Rail";
import css from "./Shell.module.css";
import { texts } from "./texts";
import { TopBar } from "./TopBar";
import { usePlaces } from "./usePlaces";
import { useTitle } from "./useTitle";

export function Shell() {
  useAlarmStream();
  useVisits();
  useShortcut();
  useSending();
  const leave = useLeaving();
  const { state } = useFeed();
  const name = useTitle();
  const places = usePlaces();
  const isPlant = useRouterState({ select: (s) => isWithin("/", s.location.pathname) });
  const tree = useTreeOpen();
  const isSearching = usePaletteOpen();
  return (
    <div className={css["shell"]} data-feed={state}>
      <a className={css["skip"]} href="#main">{texts().skip}</a>
      <Rail places={places} />
      <div className={css["side"]}>
        <TopBar tree={isPlant ? tree : undefined} />
        <FeedBanner />
        <div className={css["body"]}>
          {isPlant && tree.isOpen && <PlantTree onClose={tree.toggle} />}
          <main id="main" className={css["main"]} tabIndex={-1} data-scroll-restoration-id="main"><Outlet /></main>
        </div>
        <AlarmSound />
        <PhoneBar places={places} />
      </div>
      {/* A page that opens is read out by its name, as a page that loads would be. */}
      <p className="visually-hidden" role="status">{name}</p>
      {leave && <LeaveDialog leave={leave} />}
      {isSearching && <Palette places={places} />}
    </div>
  );
}

function useShortcut(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const asks = asksForPalette(event, document.activeElement);
      if (!asks && !typeAhead(event, document.activeElement)) return;
      event.preventDefault(); // The browser's own search would open.
      if (asks) openPalette();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
