/** The clock of which place. */

import { ComboField } from "@/shared/ui/ComboField";
import { texts } from "./texts";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")].map((zone) => ({ value: zone, text: zone }));

export const ZoneField = ({ value, onPick }: { value: string; onPick: (zone: string) => void }) => (
  <ComboField label={texts().clockOf} value={value} choices={ZONES} placeholder="Europe/Berlin" onPick={onPick} />
);
