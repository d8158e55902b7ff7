/** Keeps somebody signed in while a page is open that nobody works at: a board on a wall. */

import { useEffect } from "react";
import { post } from "./http";
import { session, signIn } from "./session";

const LOOK_MS = 600_000;
/** Half of a token's usual time: six hours without Andon are outlived, and no more than two tokens are good at once. */
const EARLY_MS = 6 * 3_600_000;

/** Renews the token in good time, and tries again where that failed; what was revoked stays so. */
export function useRenewal(): void {
  useEffect(() => {
    const renew = async (): Promise<void> => {
      const now = session();
      if (!now || now.expires - Date.now() > EARLY_MS) return;
      const { access_token } = await post("/api/registry/v1/auth/token/renew");
      // Meanwhile somebody may have left, and another one come.
      if (session()?.token === now.token) signIn(access_token);
    };
    // Nobody looks who could do anything about it; the next try comes, and the end of the session leads to the login.
    const tryIt = (): void => void renew().catch(() => undefined);
    tryIt();
    const timer = setInterval(tryIt, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
}
