/** Whether the company runs, and where it does not: every site, area and line, the worst first. */

import { useSeed, useConditions, usePlant } from "@/shared/plant/queries";
import { worstFirst } from "@/shared/plant/condition";
import { useWant } from "@/shared/live/hooks";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Loaded, Note, PageHead } from "@/shared/ui/Page";
import type { Tree } from "@/shared/plant/tree";
import { SiteBlock } from "./SiteBlock";
import { Summary } from "./Summary";

export function OverviewPage() {
  const plant = usePlant();
  useSeed("");
  // A glance needs no more than two pictures a second, however many sensors there are.
  useWant("", 2);
  return (
    <>
      <Trail />
      <Loaded query={plant}>{(tree) => <Sites tree={tree} />}</Loaded>
    </>
  );
}

function Sites({ tree }: { tree: Tree }) {
  const conditions = useConditions(tree);
  if (tree.sites.length === 0) {
    return (
      <Note>
        The plant is empty. Describe it in a file and run <code>andon plant apply plant.yaml</code>, or stop Andon and
        start it with <code>./justw up</code>, which brings a demo factory.
      </Note>
    );
  }
  return (
    <>
      <PageHead title="All sites" />
      <Summary condition={conditions.get("")} />
      {worstFirst(tree.sites, conditions).map((site) => <SiteBlock key={site.path} site={site} conditions={conditions} />)}
    </>
  );
}
