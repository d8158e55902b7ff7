/** The places that whoever is signed in may go to. */

import { useRouter } from "@tanstack/react-router";
import { may, useSession } from "@/shared/api/session";
import { placesFor, type Place } from "./places";

export function usePlaces(): readonly Place[] {
  const who = useSession();
  const { routesByPath } = useRouter();
  return placesFor((role) => may(who, role), (to) => to in routesByPath);
}
