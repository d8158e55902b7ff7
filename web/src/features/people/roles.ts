/** Roles, each of which may do what those before it may; and what is asked about people. */

import type { Role } from "@/shared/api/types";

export const PEOPLE = ["people"] as const;
export const PEOPLE_URL = "/api/registry/v1/people";

export const ROLES: readonly Role[] = ["viewer", "operator", "engineer", "admin"];

/** As the registry wants it (`passwords.py`). */
export const LEAST_LENGTH = 10;
const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,62}$/;
export const isUsername = (text: string): boolean => USERNAME.test(text);
