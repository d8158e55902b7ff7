/** The way into Grafana from outside of a page, from a bookmark or a link: with a session, straight on. */

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Problem } from "@/shared/api/http";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Failure, Note, PageHead, Panel } from "@/shared/ui/Page";
import { insideGrafana } from "./address";
import { openSession } from "./session";
import { texts } from "./texts";

export function OpenGrafanaPage({ view }: { view: { to?: string } }) {
  const said = texts();
  const to = insideGrafana(view.to ?? "", window.location.origin);
  const session = useQuery({ queryKey: ["grafana", "door", to], queryFn: openSession, enabled: to !== "", gcTime: 0 });
  const isOpen = session.data !== undefined;
  useEffect(() => {
    if (isOpen) window.location.replace(to);
  }, [isOpen, to]);
  return (
    <>
      <Trail here={said.title} />
      <PageHead title={said.title} />
      <Panel>
        {!to && <Failure error={new Problem(404, said.nowhere, said.nowhereMore)} />}
        {to && session.error && <Failure error={session.error} retry={() => void session.refetch()} />}
        {to && !session.error && <Note>{said.opening}</Note>}
      </Panel>
    </>
  );
}
