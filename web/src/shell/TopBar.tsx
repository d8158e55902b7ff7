/** The line above every page: search, the worst alarm that waits, and at its end the feed, the star, the time and the person. */

import { ListTree, Search } from "lucide-react";
import { openPalette } from "@/features/palette/door";
import { SaveView } from "@/features/views/SaveView";
import { Clock } from "./Clock";
import { FeedState } from "./FeedState";
import { PersonMenu } from "./PersonMenu";
import { texts } from "./texts";
import css from "./TopBar.module.css";
import { WorstAlarm } from "./WorstAlarm";

interface Props {
  /** Undefined on pages that are not about a place in the plant. */
  tree: { isOpen: boolean; toggle: () => void } | undefined;
}

const isApple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

export function TopBar({ tree }: Props) {
  const { searchPlant, control, tree: plantTree } = texts();
  return (
    <header className={css["top"]}>
      {tree
        ? <button type="button" className={css["tool"]} aria-pressed={tree.isOpen} onClick={tree.toggle} aria-label={plantTree} title={plantTree}><ListTree size={20} /></button>
        : <span className={css["gap"]} />}
      <button type="button" className={css["search"]} onClick={openPalette} aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K /">
        <Search size={18} aria-hidden /><span>{searchPlant}</span><kbd aria-hidden>{isApple ? "⌘" : control} K</kbd>
      </button>
      <WorstAlarm />
      <div className={css["end"]}>
        <FeedState />
        <SaveView className={css["tool"]} />
        <Clock />
        <PersonMenu buttonClass={css["tool"]} />
      </div>
    </header>
  );
}
