/** The live feed: one WebSocket for the whole app, counted interests, newest values in `cells`. */

import { onSession, session, signOut } from "@/shared/api/session";
import { backoff } from "./backoff";
import { Cells, type Sample } from "./cells";
import { combine, type Interest } from "./interest";
import { missedSince } from "./since";

export interface Feed {
  state: "idle" | "connecting" | "live" | "lost";
  /** When this state began, epoch ms. */
  since: number;
  /** Last frame from the server, epoch ms; 0 before the first. */
  heard: number;
  /** How often the feed was (re)opened without being told what it had missed; a change means a hole may have to be filled. */
  opened: number;
  /** How often the server left samples out: this client was too slow, or away for too long. */
  holes: number;
}

type Tap = (ts: number, value: Sample[2]) => void;

const SILENCE_MS = 15_000;
const NOT_SIGNED_IN = 4401;
const OPEN_MS = 10_000;

class Live {
  readonly cells = new Cells();
  feed: Feed = { state: "idle", since: Date.now(), heard: 0, opened: 0, holes: 0 };
  private readonly interests = new Set<Interest>();
  private readonly taps = new Map<string, Set<Tap>>();
  private readonly watchers = new Set<() => void>();
  private socket: WebSocket | undefined;
  private trials = 0;
  private told = "";
  private person = session()?.name ?? "";
  /** What happened since then has not been told yet. */
  private missed: number | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private resubscribe: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    onSession(() => this.signedIn());
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => !document.hidden && this.hurry());
    setInterval(() => void this.guard(), 5_000);
  }

  /** Want these paths until the returned function is called. */
  want(interest: Interest): () => void {
    this.interests.add(interest);
    this.tell();
    return () => {
      this.interests.delete(interest);
      this.tell();
    };
  }

  /** Each sample of one sensor as it arrives, unconflated; the caller also has to `want` it. */
  tap(sensor: string, take: Tap): () => void {
    const set = this.taps.get(sensor) ?? new Set();
    this.taps.set(sensor, set.add(take));
    return () => {
      set.delete(take);
      if (set.size === 0) this.taps.delete(sensor);
    };
  }

  watchFeed = (wake: () => void): (() => void) => {
    this.watchers.add(wake);
    return () => this.watchers.delete(wake);
  };

  private set(state: Feed["state"], more: Partial<Feed> = {}): void {
    this.feed = { ...this.feed, ...more, state, since: state === this.feed.state ? this.feed.since : Date.now() };
    this.watchers.forEach((wake) => wake());
  }

  private open(): void {
    const token = session()?.token;
    if (!token || this.socket) return;
    if (this.feed.state === "idle") this.set("connecting");
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/query/v1/live`);
    this.socket = socket;
    const slow = setTimeout(() => socket.close(), OPEN_MS);
    socket.onopen = () => {
      clearTimeout(slow);
      socket.send(JSON.stringify({ op: "auth", token }));
      this.told = "";
      this.missed = missedSince([...this.taps.keys()].map(this.cells.get));
      this.subscribeNow();
      this.set("live", { heard: Date.now(), opened: this.feed.opened + (this.missed === undefined ? 1 : 0) });
    };
    socket.onmessage = (event) => this.take(String(event.data));
    socket.onclose = ({ code }) => {
      clearTimeout(slow);
      if (this.socket !== socket) return;
      if (code === NOT_SIGNED_IN) signOut();
      else this.lost();
    };
  }

  private take(text: string): void {
    this.trials = 0;
    this.feed.heard = Date.now(); // Read by a clock, not subscribed to: no wake per frame.
    const frame = JSON.parse(text) as { samples?: Sample[]; lost?: number; gap?: [number, number] };
    if (frame.samples) this.missed = undefined;
    if (frame.lost || frame.gap) this.set("live", { holes: this.feed.holes + 1 });
    for (const sample of frame.samples ?? []) {
      this.cells.put(sample);
      this.taps.get(sample[0])?.forEach((take) => take(sample[1], sample[2]));
    }
  }

  private lost(): void {
    this.socket = undefined;
    if (!session()) return;
    this.set("lost");
    this.retry = setTimeout(() => this.open(), backoff(this.trials++));
  }

  /** Somebody else begins anew; who goes on with a token that lasts longer shows it, and sees no gap. */
  private signedIn(): void {
    const now = session();
    const isSame = now !== null && now.name === this.person;
    if (isSame && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ op: "auth", token: now.token }));
    else if (!isSame || this.socket) this.restart();
    this.person = now?.name ?? "";
  }

  private restart(): void {
    clearTimeout(this.retry);
    const old = this.socket;
    this.socket = undefined;
    old?.close();
    this.cells.clear();
    this.trials = 0;
    this.set("idle");
    if (this.interests.size > 0) this.open();
  }

  private hurry(): void {
    if (this.feed.state !== "lost" || this.socket) return;
    clearTimeout(this.retry);
    this.trials = 0;
    this.open();
  }

  /** Silence is a quiet plant or a dead connection, which never says so: ask, and give up on the dead one. */
  private async guard(): Promise<void> {
    const { socket } = this;
    if (this.feed.state !== "live" || !socket || Date.now() - this.feed.heard < SILENCE_MS) return;
    this.told = "";
    this.subscribeNow(); // Answered with the newest values.
    const answer = await fetch("/healthz", { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (!answer && this.socket === socket) {
      this.socket = undefined; // Closing a dead connection may take a minute; it is over now.
      socket.close();
      this.lost();
    }
  }

  private tell(): void {
    if (!this.socket) this.open();
    clearTimeout(this.resubscribe);
    this.resubscribe = setTimeout(() => this.subscribeNow(), 20); // One message for a whole page change.
  }

  private subscribeNow(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const wish = combine(this.interests);
    const text = JSON.stringify(wish);
    if (text === this.told) return;
    this.told = text;
    this.socket.send(JSON.stringify({ op: "subscribe", ...wish, since: this.missed }));
  }
}

export const live = new Live();
