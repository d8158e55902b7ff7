/** The browser's speaker, which it forbids until somebody has pressed something on the page. */

import type { Tone } from "./patterns";

const LOUD = 0.35;
/** Seconds in which a tone comes and goes; one that is cut off cracks. */
const EDGE = 0.012;

let audio: AudioContext | undefined;
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((wake) => wake());

/** Whether sounds are heard; call `allow` when somebody presses something. */
export const isAllowed = (): boolean => audio?.state === "running";

export function onAllowed(wake: () => void): () => void {
  listeners.add(wake);
  return () => listeners.delete(wake);
}

/** Ask for the speaker. Without a press before it, browsers say no by staying silent. */
export function allow(): void {
  if (!audio) {
    audio = new AudioContext();
    audio.addEventListener("statechange", tell);
  }
  if (audio.state !== "running") void audio.resume();
  tell();
}

export function play(tones: readonly Tone[]): void {
  if (!audio || audio.state !== "running") return;
  const begin = audio.currentTime + 0.02;
  for (const { at, length, pitch } of tones) {
    const [start, end] = [begin + at, begin + at + length];
    const tone = new OscillatorNode(audio, { type: "triangle", frequency: pitch });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUD, start + EDGE);
    gain.gain.setValueAtTime(LOUD, end - EDGE);
    gain.gain.linearRampToValueAtTime(0, end);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(end);
  }
}
