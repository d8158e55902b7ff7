/** All alarms that a list would show, as a table to take along. */

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { ALARMS } from "@/shared/alarms/feed";
import { all } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import { download } from "@/shared/export/download";
import { localText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Failure } from "@/shared/ui/Page";
import { csvOf } from "./csv";
import { queryOf, says, type AlarmFilter } from "./filter";
import { texts } from "./texts";

/** Of more, somebody should choose a shorter time. */
const MOST = 20_000;

export function ExportButton({ filter }: { filter: AlarmFilter }) {
  const me = useSession()?.name ?? "";
  const say = texts();
  const making = useMutation({
    mutationFn: async () => {
      const alarms = await all(ALARMS, { ...queryOf(filter, me), limit: 500 }, undefined, MOST);
      download(`${say.csv.file}-${localText(Date.now()).slice(0, 16).replace(/[T:]/g, "-")}.csv`, csvOf(alarms.filter((a) => says(filter.text ?? "", a))));
    },
  });
  return (
    <>
      {making.error && <Failure error={making.error} />}
      <Button onClick={() => making.mutate()} disabled={making.isPending} title={say.exportHint}><Download size={18} aria-hidden />{making.isPending ? say.exporting : say.exportCsv}</Button>
    </>
  );
}
