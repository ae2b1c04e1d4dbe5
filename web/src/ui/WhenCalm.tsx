import { type ReactNode, startTransition, Suspense, useEffect, useState } from "react";

/** The start that the first picture and its covers have, in milliseconds. */
const start = 300;
/** How long after that the browser may have better things to do, in milliseconds. */
const patience = 2_000;

/** A page calms down once. */
let wasCalm = false;

interface WhenCalmProps {
  /** Stands there meanwhile. */
  before?: ReactNode;
  children: ReactNode;
}

/** Shows what can wait, once the first picture stands and the browser has nothing better to do. */
export function WhenCalm({ before, children }: WhenCalmProps) {
  const [calm, setCalm] = useState(wasCalm);
  useEffect(() => {
    if (calm) return;
    const begin = () => {
      wasCalm = true;
      startTransition(() => setCalm(true));
    };
    let idle: number | undefined;
    const timer = setTimeout(() => {
      if ("requestIdleCallback" in window) idle = requestIdleCallback(begin, { timeout: patience });
      else begin();
    }, start);
    return () => {
      clearTimeout(timer);
      if (idle !== undefined) cancelIdleCallback(idle);
    };
  }, [calm]);
  return <Suspense fallback={before}>{calm ? children : before}</Suspense>;
}
