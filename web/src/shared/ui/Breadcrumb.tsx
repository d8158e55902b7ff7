/** Where this page is: the plant's hierarchy, or the page's place in Andon. */

import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { Tree } from "@/shared/plant/tree";
import { nameOf, trail } from "@/shared/plant/tree";
import css from "./Breadcrumb.module.css";
import { PlantLink } from "./PlantLink";
import { words } from "./texts";

/** One place on the way, behind an arrow. */
export const Step = ({ children }: { children: React.ReactNode }) => (
  <li><ChevronRight size={14} aria-hidden className={css["arrow"]} />{children}</li>
);

export function PlantTrail({ tree, path }: { tree: Tree; path: string }) {
  const above = trail(tree, path).filter((n) => n.path !== path);
  return (
    <Trail>
      {above.map((node) => <Step key={node.path}><PlantLink path={node.path}>{node.name}</PlantLink></Step>)}
      {path && <Step><span aria-current="page">{nameOf(tree, path)}</span></Step>}
    </Trail>
  );
}

export function Trail({ here, children }: { here?: string; children?: React.ReactNode }) {
  return (
    <nav aria-label={words().breadcrumb} className={css["trail"]}>
      <ol>
        <li><Link to="/">{words().allSites}</Link></li>
        {children}
        {here && <Step><span aria-current="page">{here}</span></Step>}
      </ol>
    </nav>
  );
}
