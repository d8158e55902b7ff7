/** What kind of thing was found, as a picture beside its word. */

import { Building2, Cog, Factory, FileText, Gauge, Rows3, Star, Zap, type LucideIcon } from "lucide-react";
import type { EntryKind } from "./entries";

const ICONS: Record<EntryKind, LucideIcon> = { site: Factory, area: Building2, line: Rows3, machine: Cog, sensor: Gauge, page: FileText, action: Zap, view: Star };

export function KindIcon({ kind }: { kind: EntryKind }) {
  const Icon = ICONS[kind];
  return <Icon size={18} aria-hidden />;
}
