import { useEffect, useState } from "preact/hooks";
import { steadyNow } from "../steady.js";

/**
 * This moment on the steady clock in milliseconds, updated each second while something counts.
 * @param {boolean} counts
 */
export function useNow(counts) {
  const [now, setNow] = useState(() => steadyNow());
  useEffect(() => {
    if (!counts) return;
    setNow(steadyNow());
    const timer = setInterval(() => setNow(steadyNow()), 1000);
    return () => clearInterval(timer);
  }, [counts]);
  return now;
}
