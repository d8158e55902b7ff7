/** A page for those who have a role; whoever comes by its address without it reads what is missing. */

import { useMay } from "@/shared/api/session";
import type { Role } from "@/shared/api/types";
import { catalogue } from "@/shared/texts/catalogue";
import { Trail } from "./Breadcrumb";
import { Note, PageHead, Panel } from "./Page";
import { words } from "./texts";

const texts = catalogue({
  needs: (role: string) => `This page is for the role ${role} and above. Ask an admin for it.`,
}, {
  needs: (role: string) => `Diese Seite ist ab der Rolle ${role} offen. Fragen Sie einen Administrator.`,
});

export function Allowed({ role, title, children }: { role: Role; title: string; children: React.ReactNode }) {
  if (useMay(role)) return <>{children}</>;
  return (
    <>
      <Trail here={title} />
      <PageHead title={title} />
      <Panel><Note>{texts().needs(words().roles[role])}</Note></Panel>
    </>
  );
}
