/** Components whose code travels when they are asked for. */

import { lazy, Suspense, useState, type ComponentType, type ReactNode } from "react";

export type Later<P extends object> = ((props: P) => ReactNode) & { preload: () => Promise<void> };

/** `waiting`: what stands there until the code has come; without it, nothing. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, waiting: () => ReactNode = () => null): Later<P> {
  let here: ComponentType<P> | undefined;
  const fetched = async (): Promise<ComponentType<P>> => (here = await load());
  // As a plain component, for the types of lazy ones do not know which properties are left.
  const Coming = lazy(async () => ({ default: await fetched() })) as ComponentType<P>;
  function Shown(props: P) {
    // A lazy component waits once even for what is here, and React then holds it back for 300 ms.
    const [Here] = useState(() => here);
    return Here ? <Here {...props} /> : <Suspense fallback={waiting()}><Coming {...props} /></Suspense>;
  }
  return Object.assign(Shown, { preload: async () => { await fetched(); } });
}
