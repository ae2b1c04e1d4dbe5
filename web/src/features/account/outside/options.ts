import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { web, withQuery } from "@/api/client";
import { given } from "@/api/given";
import type { SignInOptions } from "@/api/types";

/** What holds if the server does not say: nobody is kept from signing in, and it refuses by itself whom it must. */
const unsaid: SignInOptions = { registration: "open", domains: [], providers: [] };

export const signInOptionsQuery = queryOptions({
  queryKey: ["session", "options"], // as a part of the session it outlives who is signed in
  queryFn: () => web.get<SignInOptions>("sign-in-options").catch(() => unsaid),
  initialData: () => given<SignInOptions>("sign-in-options"),
  staleTime: ({ state }) => (state.data === unsaid ? 0 : Infinity), // they change with the server's settings
  networkMode: "always", // it must not wait for a network that is no more
});

/** How one may sign in here. The view waits for it, so that nothing in it moves when it comes. */
export const useSignInOptions = (): SignInOptions => useSuspenseQuery(signInOptionsQuery).data;

/** Where a button of a provider leads, and by way of it in the end to a path of the app. */
export function startAddress(start: string, next: string): string {
  return withQuery(start, { return: next === "/" ? undefined : next });
}

/** What people call a provider; its name if it is one no more. */
export function labelOf(options: SignInOptions, name: string): string {
  return options.providers.find((provider) => provider.name === name)?.label ?? name;
}
