/** Sessions with Grafana: whether there is one at all, and a cookie that its frames send; kept fresh while one is open. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get, post, Problem } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import { texts } from "./texts";

/** Well within the quarter of an hour for which it is good, also where a timer comes late. */
const RENEW_MS = 300_000;

/** Whether the pages show Grafana, and the dashboard of each kind of page; undefined until that is known. */
export const useGrafana = () =>
  useQuery({ queryKey: ["grafana"], queryFn: ({ signal }) => get("/api/registry/v1/grafana", {}, signal), staleTime: Infinity }).data;

export const openSession = () => post("/api/registry/v1/grafana/session");

/** The first of these dashboards that is there. It asks as the frame will: by the cookie, not by the token. */
async function findDashboard([uid = "", ...others]: readonly string[], signal: AbortSignal): Promise<string> {
  const said = texts();
  const away = new Problem(0, said.away, said.awayMore);
  const answer = await fetch(`/grafana/api/dashboards/uid/${encodeURIComponent(uid)}`, { signal }).catch((error: unknown) => {
    throw signal.aborted ? error : away;
  });
  if (answer.ok) return uid;
  if (answer.status === 401 || answer.status === 403) throw new Problem(answer.status, said.refused, said.refusedMore);
  if (answer.status === 404 && others.length > 0) return findDashboard(others, signal);
  if (answer.status === 404) throw new Problem(answer.status, said.missing, said.missingMore(uid));
  throw new Problem(answer.status, said.away, said.awayMore);
}

/** A session, and the first of some dashboards that is there: until then there is nothing a frame could show. */
export function useDashboard(uids: readonly string[], wanted: boolean) {
  const token = useSession()?.token;
  const session = useQuery({
    queryKey: ["grafana", "session", token], // A session ends with the token it was opened by.
    queryFn: openSession,
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: RENEW_MS,
    refetchInterval: RENEW_MS,
    refetchIntervalInBackground: true,
    gcTime: 0,
  });
  const dashboard = useQuery({
    queryKey: ["grafana", "dashboard", ...uids],
    queryFn: ({ signal }) => findDashboard(uids, signal),
    enabled: wanted && session.data !== undefined,
    retry: false,
    staleTime: 60_000,
  });
  const failed = session.data ? dashboard : session;
  return { found: session.data && dashboard.data, error: failed.error, again: () => void failed.refetch() };
}
