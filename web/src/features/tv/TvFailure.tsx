/** The board after something failed that it does not know: it says so, and begins anew by itself. */

import { useEffect } from "react";
import { Failure } from "@/shared/ui/Page";

const AGAIN_MS = 30_000;

export function TvFailure({ error }: { error: unknown }) {
  useEffect(() => {
    const timer = setTimeout(() => location.reload(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, []);
  return <Failure error={error} />;
}
