/** What the frame opens when it is asked to: it needs what lists and dialogs are made of, which the first page does without. */

import { later } from "@/shared/later";

export const LeaveDialog = later(async () => (await import("@/features/enter/LeaveDialog")).default);
export const Palette = later(async () => (await import("@/features/palette/Palette")).default);
export const PlantTree = later(async () => (await import("@/features/tree/PlantTree")).default);
