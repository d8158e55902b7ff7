import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { NEWEST, pagesOf, REFUSALS } from "./keys";

it.each([pagesOf({ reason: "forbidden" }), pagesOf({})])("%s: the page opens whatever the devices and the badge asked before", (...queryKey) => {
  const client = new QueryClient();
  client.setQueryData(REFUSALS, [{ id: "7" }]);
  client.setQueryData(NEWEST, 7);
  const page = new InfiniteQueryObserver(client, { queryKey, queryFn: () => ({ items: [] }), initialPageParam: "", getNextPageParam: () => undefined });
  expect(page.getCurrentResult()).toMatchObject({ data: undefined, hasNextPage: false });
});
