/** One address for every place of the plant: the path decides which page shows it. */

import { getRouteApi } from "@tanstack/react-router";
import { GrafanaPanel } from "@/features/grafana/LaterPanel";
import { BranchPage } from "@/features/plant/BranchPage";
import { MachinePage } from "@/features/machine/MachinePage";
import { usePlant } from "@/shared/plant/queries";
import { findSensor, type Tree } from "@/shared/plant/tree";
import { readView } from "@/shared/plant/view";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Loaded, Note, PageHead } from "@/shared/ui/Page";
import { SensorPage } from "./later";
import { texts } from "./texts";
import { useView } from "./useView";

const route = getRouteApi("/shell/plant/$");

export function PlantRoute() {
  const path = (route.useParams()._splat ?? "").replace(/\/+$/, "");
  const search = useView(readView);
  const plant = usePlant();
  return (
    <>
      <Loaded query={plant}>{(tree) => <Place tree={tree} path={path} />}</Loaded>
      {plant.data && <GrafanaPanel key={path} tree={plant.data} path={path} view={search} />}
    </>
  );
}

function Place({ tree, path }: { tree: Tree; path: string }) {
  const search = useView(readView);
  const navigate = route.useNavigate();
  const node = tree.byPath.get(path);
  if (node?.kind === "machine") return <MachinePage key={path} tree={tree} machine={node} />;
  if (node) return <BranchPage key={path} tree={tree} node={node} />;
  const sensor = findSensor(tree, path);
  if (!sensor) return <Nowhere path={path} />;
  return <SensorPage key={path} tree={tree} sensor={sensor} view={search} onView={(view) => void navigate({ search: view })} />;
}

function Nowhere({ path }: { path: string }) {
  const { notFound, nothingHere, noPlace } = texts();
  return (
    <>
      <Trail here={notFound} />
      <PageHead title={nothingHere} hint={path} />
      <Note>{noPlace}</Note>
    </>
  );
}
