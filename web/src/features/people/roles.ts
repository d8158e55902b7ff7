/** Roles in plain words; each may do what those before it may. */

import type { Role } from "@/shared/api/types";

export const PEOPLE = ["people"] as const;
export const PEOPLE_URL = "/api/registry/v1/people";

export const ROLES: readonly Role[] = ["viewer", "operator", "engineer", "admin"];

export const ROLE_TEXT: Record<Role, { name: string; may: string }> = {
  viewer: { name: "Viewer", may: "sees values, history and alarms" },
  operator: { name: "Operator", may: "a viewer who also acknowledges alarms and enters readings" },
  engineer: { name: "Engineer", may: "an operator who also changes plant and rules, and reads dead letters" },
  admin: { name: "Admin", may: "an engineer who also manages devices, people and channels" },
};
