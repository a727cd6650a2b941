import { useEffect, useState } from "preact/hooks";
import { monotonicNow } from "../monotonic.js";

/**
 * This moment on the steady clock in milliseconds, updated each second while something counts.
 * @param {boolean} counts
 */
export function useNow(counts) {
  const [now, setNow] = useState(() => monotonicNow());
  useEffect(() => {
    if (!counts) return;
    setNow(monotonicNow());
    const timer = setInterval(() => setNow(monotonicNow()), 1000);
    return () => clearInterval(timer);
  }, [counts]);
  return now;
}
