/** The dashboard of a page, at its foot: where Grafana is connected, and for those who may see the whole plant. */

import { ChevronDown, ChevronRight, ExternalLink } from "lucide-react";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { onTheme, theme } from "@/shared/preferences/theme";
import { timeZone } from "@/shared/preferences/preferences";
import { nameOf, type Tree } from "@/shared/plant/tree";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { Failure, Panel } from "@/shared/ui/Page";
import { candidates, frameAddress, subjectOf, tabAddress, type Subject } from "./address";
import css from "./Grafana.module.css";
import { GrafanaFrame, Skeleton } from "./GrafanaFrame";
import { useDashboard, useGrafana } from "./session";
import { texts } from "./texts";

const KEY = "andon.grafana";
/** On a phone a frame takes the finger that scrolls the page: there it is shown when asked for. */
const PHONE = "(max-width: 700px)";
/** A frame begins anew for each address: not while somebody still drags a chart. */
const SETTLE_MS = 800;
/** Begun a little before it comes into sight. */
const AHEAD = "300px";

interface Props {
  tree: Tree;
  /** Of a node or a sensor; '' is all of the plant. */
  path: string;
  view: View;
}

export default function GrafanaPanel({ tree, path, view }: Props) {
  const grafana = useGrafana();
  const subject = subjectOf(tree, path);
  const uid = subject && grafana?.dashboards[subject.kind];
  return grafana?.enabled && uid ? <DashboardPanel uid={uid} subject={subject} name={nameOf(tree, path)} view={view} /> : null;
}

function DashboardPanel({ uid, subject, name, view }: { uid: string; subject: Subject; name: string; view: View }) {
  const [hidden, setHidden] = useHidden();
  const [place, near] = useNear<HTMLDivElement>();
  const { found, error, again } = useDashboard(candidates(uid, subject), near && !hidden);
  const looks = { theme: useSyncExternalStore(onTheme, theme), zone: timeZone() };
  const said = texts();
  const Chevron = hidden ? ChevronRight : ChevronDown;
  return (
    <div className={css["panel"]} ref={place}>
      <Panel
        title={said.title}
        actions={
          <div className={css["actions"]}>
            <a className={css["open"]} href={tabAddress(found ?? uid, subject, view, looks)} target="_blank" rel="noreferrer" title={said.newTab}>
              {said.open} <ExternalLink size={16} aria-label={said.newTab} />
            </a>
            <Button look="quiet" aria-expanded={!hidden} onClick={() => setHidden(!hidden)}>
              <Chevron size={18} aria-hidden="true" /> {hidden ? said.show : said.hide}
            </Button>
          </div>
        }
      >
        {!hidden && (error ? <Failure error={error} retry={again} /> : found ? <Dashboard address={frameAddress(found, subject, view, looks)} name={name} /> : <div className={css["stage"]}><Skeleton /></div>)}
      </Panel>
    </div>
  );
}

const Dashboard = ({ address, name }: { address: string; name: string }) => <GrafanaFrame address={useSettled(address)} name={name} />;

/** Whether Grafana is put away, as it was chosen last in this browser. */
function useHidden(): [boolean, (hidden: boolean) => void] {
  const [hidden, setHidden] = useState(() => (localStorage.getItem(KEY) ?? (matchMedia(PHONE).matches ? "hidden" : "shown")) === "hidden");
  return [hidden, (wanted) => {
    localStorage.setItem(KEY, wanted ? "hidden" : "shown");
    setHidden(wanted);
  }];
}

/** Whether an element has come near the part of the page that is seen; it stays so. */
function useNear<E extends Element>(): [React.RefObject<E | null>, boolean] {
  const place = useRef<E>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const watcher = new IntersectionObserver((seen) => setNear((was) => was || seen.some((one) => one.isIntersecting)), { rootMargin: AHEAD });
    if (place.current) watcher.observe(place.current);
    return () => watcher.disconnect();
  }, []);
  return [place, near];
}

/** A value once it has stayed the same for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
