/** One dashboard in a frame, once it is known to be there; what is wrong instead, and the way to Grafana itself. */

import { useEffect, useState } from "react";
import { Problem } from "@/shared/api/http";
import { Failure } from "@/shared/ui/Page";
import css from "./Grafana.module.css";
import { texts } from "./texts";

/** Grafana shows something within this time, or people are told. */
const PATIENCE_MS = 20_000;
/** A frame that stays for days keeps ever more memory (grafana/grafana#71901). */
const ANEW_MS = 3 * 3_600_000;

interface Props {
  address: string;
  name: string;
}

/** Made anew for another address: a frame that is sent on would be a step of the browser's way back. */
export function GrafanaFrame({ address, name }: Props) {
  const [round, setRound] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setRound((n) => n + 1), ANEW_MS);
    return () => clearInterval(timer);
  }, []);
  return <Frame key={`${round} ${address}`} address={address} name={name} again={() => setRound((n) => n + 1)} />;
}

function Frame({ address, name, again }: Props & { again: () => void }) {
  const [state, setState] = useState<"loading" | "shown" | Problem>("loading");
  useEffect(() => {
    const slow = () => new Problem(0, texts().slow, texts().slowMore);
    const timer = setTimeout(() => setState((now) => (now === "loading" ? slow() : now)), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={css["stage"]}>
      {state instanceof Problem && <div className={css["wrong"]}><Failure error={state} retry={again} /></div>}
      {state === "loading" && <Skeleton />}
      <iframe className={css["frame"]} src={address} title={texts().frame(name)} loading="lazy" data-shown={state === "shown"}
        onLoad={(event) => setState(problemIn(event.currentTarget.contentDocument) ?? "shown")} />
    </div>
  );
}

/** What came instead of a dashboard: Andon's own word that Grafana is away, or Grafana's that it knows nobody. */
function problemIn(shown: Document | null): Problem | null {
  const said = texts();
  if (shown?.contentType === "application/problem+json") return new Problem(0, said.away, said.awayMore);
  if (shown?.location.pathname.startsWith("/grafana/login")) return new Problem(401, said.refused, said.refusedMore);
  return null;
}

/** Where the panels are going to be. */
export function Skeleton() {
  return (
    <div className={css["skeleton"]}>
      <p role="status">{texts().loading}</p>
      <div className={css["shapes"]} aria-hidden="true"><i /><i /><i /></div>
    </div>
  );
}
