/** The offenders as a table to take along, as alerting writes it. */

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { ALERTING } from "@/shared/alerting/queries";
import { send } from "@/shared/api/http";
import { timeZone } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Failure } from "@/shared/ui/Page";
import { download } from "@/shared/export/download";
import { USUAL_RANGE, type KpiView } from "./figures";
import { texts } from "./texts";

export function OffenderExport({ view: { range = USUAL_RANGE, under } }: { view: KpiView }) {
  const making = useMutation({
    mutationFn: async () => {
      const answer = await send("get", `${ALERTING}/kpis`, { from: range, under, tz: timeZone(), format: "csv" });
      download(`${texts().offenders}.csv`, await answer.text());
    },
  });
  return (
    <>
      {making.error && <Failure error={making.error} />}
      <Button onClick={() => making.mutate()} disabled={making.isPending}><Download size={18} aria-hidden />{texts().exportCsv}</Button>
    </>
  );
}
