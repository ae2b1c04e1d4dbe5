import { type ComponentType, type ReactNode, useEffect, useState } from "react";

/** Shown in its place meanwhile; nothing if it is left out. */
interface Before {
  before?: ReactNode;
}

/**
 * A component that comes with a chunk of its own when it is shown first, or when
 * somebody comes near what opens it (`load`). Unlike one of React's `lazy` it
 * shows as soon as it is there: what follows a fallback of Suspense is held back
 * for 300 ms, which is long after a click.
 */
export function later<P extends object>(source: () => Promise<ComponentType<P>>) {
  let loaded: ComponentType<P> | undefined;
  const load = async () => (loaded ??= await source());

  function Later({ before, ...props }: P & Before) {
    const [Loaded, setLoaded] = useState(() => loaded);
    useEffect(() => {
      if (Loaded) return;
      load().then(
        (component) => setLoaded(() => component),
        (error: unknown) =>
          setLoaded(() => {
            throw error; // for the boundary around it to tell
          }),
      );
    }, [Loaded]);
    return Loaded ? <Loaded {...(props as unknown as P)} /> : before;
  }
  // Nobody waits for what is loaded ahead; if it fails it is tried again when it is shown.
  Later.load = () => void load().catch(() => undefined);
  return Later;
}
