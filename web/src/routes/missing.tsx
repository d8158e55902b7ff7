/** An address that leads nowhere. */

import { Link } from "@tanstack/react-router";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Note, PageHead, Panel } from "@/shared/ui/Page";
import { texts } from "./texts";

export function NoSuchPage() {
  const { noPage, noPageHint, goTo, orChoose } = texts();
  return (
    <>
      <Trail here={noPage} />
      <PageHead title={noPage} hint={noPageHint} />
      <Panel><Note><Link to="/">{goTo}</Link>{orChoose}</Note></Panel>
    </>
  );
}
