import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "@/shared/api/http";
import { onSession, session } from "@/shared/api/session";
import { language as speaks, usePreferences } from "@/shared/preferences/preferences";
import { followPerson } from "@/shared/preferences/follow";
import { followTheme } from "@/shared/preferences/theme";
import "@/shared/theme/tokens.css";
import "@/shared/theme/base.css";
import { Toasts } from "@/shared/ui/Toasts";
import { followConnection, heardAnswer, heardError } from "@/shell/connection";
import { prepare } from "@/shell/prepare";
import { router } from "./router";

const heard = { onSuccess: heardAnswer, onError: heardError };
const client = new QueryClient({
  queryCache: new QueryCache(heard),
  mutationCache: new MutationCache(heard),
  defaultOptions: {
    queries: {
      // A refusal stays one; only a missing answer or a server in trouble is worth another try.
      retry: (count, error) => count < 3 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
      retryDelay: (count) => Math.min(8_000, 500 * 2 ** count),
      networkMode: "always",
      refetchOnWindowFocus: false,
    },
    mutations: { networkMode: "always" },
  },
});

let who = session()?.name;

/** What was learnt is forgotten with the person: the next one may see less. */
onSession(() => {
  const before = who;
  who = session()?.name;
  // Away from the page first, or it would ask again without a token.
  if (who === undefined) void router.invalidate().then(() => client.clear());
  else if (before !== undefined && before !== who) client.clear(); // From the page of signing in, which shows nothing of it.
});

followTheme();
followPerson();
followConnection(client);
prepare(client);

/** Every text and number is written anew once somebody chooses another language, number format or time zone. */
function Andon() {
  const { language, numbers, zone } = usePreferences();
  useEffect(() => { document.documentElement.lang = speaks(); }, [language]);
  return (
    <QueryClientProvider client={client}>
      <RouterProvider key={[language, numbers, zone].join()} router={router} />
      <Toasts />
    </QueryClientProvider>
  );
}

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
createRoot(place).render(<StrictMode><Andon /></StrictMode>);
