/** The frame around every page: the same place for navigation, banner, alarms and person. */

import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Activity, BellRing, ChartColumn, Factory, HeartPulse, Inbox, ListChecks, PhoneCall, RadioTower, Users } from "lucide-react";
import { useEffect, useRef } from "react";
import { useAlarmStream, useOpenAlarms } from "@/shared/alarms/feed";
import { useMay, useSession } from "@/shared/api/session";
import { useUnread } from "@/shared/deadletters/unread";
import { useFeed } from "@/shared/live/hooks";
import { asksForAck } from "@/shared/plant/condition";
import { FeedBanner } from "./FeedBanner";
import { PersonMenu } from "./PersonMenu";
import css from "./Shell.module.css";

function AlarmBadge() {
  const alarms = useOpenAlarms().data ?? [];
  const waiting = alarms.filter(asksForAck).length;
  if (waiting === 0) return null;
  return <span className={css["badge"]} aria-label={`${waiting} not acknowledged`}>{waiting > 99 ? "99+" : waiting}</span>;
}

/** Quiet: dead letters harm nobody now, but a flood of them should be seen. */
function LetterBadge() {
  const unread = useUnread();
  if (unread === 0) return null;
  return <span className={`${css["badge"]} ${css["hint"]}`} aria-label={`${unread} new`}>{unread > 99 ? "99+" : unread}</span>;
}

interface ItemProps {
  to: "/" | "/alarms" | "/kpis" | "/rules" | "/oncall" | "/devices" | "/people" | "/deadletters" | "/health";
  icon: React.ReactNode;
  text: string;
  active?: boolean;
  children?: React.ReactNode;
}

const Item = ({ to, icon, text, active, children }: ItemProps) => (
  <li>
    <Link to={to} className={`${css["item"]} ${active ? css["active"] : ""}`} activeOptions={{ exact: to === "/" }}
      activeProps={{ className: css["active"] ?? "", "aria-current": "page" }}>
      {icon}<span className={css["text"]}>{text}</span>{children}
    </Link>
  </li>
);

function Navigation() {
  const path = useRouterState({ select: (s) => s.location.pathname });
  const isEngineer = useMay("engineer");
  const isAdmin = useMay("admin");
  // Letters are numbered for the whole plant: a count would tell somebody of a part about the others.
  const seesAll = useSession()?.scope === "";
  return (
    <nav className={css["nav"]} aria-label="Main">
      <Link to="/" className={css["brand"]}><img src="/andon.svg" alt="" width="26" height="26" /><span>Andon</span></Link>
      <ul>
        <Item to="/" icon={<Factory size={20} />} text="Plant" active={path.startsWith("/plant")} />
        <Item to="/alarms" icon={<BellRing size={20} />} text="Alarms"><AlarmBadge /></Item>
        <Item to="/kpis" icon={<ChartColumn size={20} />} text="Figures" />
        <Item to="/rules" icon={<ListChecks size={20} />} text="Rules" />
        <Item to="/oncall" icon={<PhoneCall size={20} />} text="On call" />
        {isEngineer && <Item to="/deadletters" icon={<Inbox size={20} />} text="Dead letters">{seesAll && <LetterBadge />}</Item>}
        {isAdmin && <Item to="/devices" icon={<RadioTower size={20} />} text="Devices" />}
        {isAdmin && <Item to="/people" icon={<Users size={20} />} text="People" />}
        <Item to="/health" icon={<HeartPulse size={20} />} text="Health" />
      </ul>
      <FeedState />
      <PersonMenu />
    </nav>
  );
}

function FeedState() {
  const { state } = useFeed();
  // Pages without live values want no feed: that is no fault, and nothing to tell.
  if (state === "idle") return null;
  const text = { connecting: "Connecting", live: "Live", lost: "Feed lost" }[state];
  return <p className={css["feed"]} data-state={state}><Activity size={16} aria-hidden /> <span className={css["text"]}>{text}</span></p>;
}

export function Shell() {
  useAlarmStream();
  const { state } = useFeed();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    // Newer browsers return a promise from scrollTo, which React would call as a clean-up.
    void main.current?.scrollTo(0, 0);
  }, [path]);
  return (
    <div className={css["shell"]} data-feed={state}>
      <a className={css["skip"]} href="#main">Skip to the page</a>
      <Navigation />
      <div className={css["side"]}>
        <FeedBanner />
        <main id="main" className={css["main"]} tabIndex={-1} ref={main}><Outlet /></main>
      </div>
    </div>
  );
}
