/** What the charts of a page look at together, as long as the page is there. */

import { useEffect, useState } from "react";
import type { View } from "@/shared/plant/view";
import { Sight } from "./sight";

export function useSight({ range, from, to }: View): Sight {
  const [sight] = useState(() => new Sight());
  useEffect(() => sight.hold(null), [sight, range, from, to]); // what a hand held has become the view
  return sight;
}
