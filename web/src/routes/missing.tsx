/** An address that leads nowhere. */

import { Link } from "@tanstack/react-router";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Note, PageHead, Panel } from "@/shared/ui/Page";

export const NoSuchPage = () => (
  <>
    <Trail here="No such page" />
    <PageHead title="No such page" hint="The address may be mistyped, or the page has moved." />
    <Panel><Note><Link to="/">Go to the overview of all sites</Link>, or choose a page from the navigation.</Note></Panel>
  </>
);
