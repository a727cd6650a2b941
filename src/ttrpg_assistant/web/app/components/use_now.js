import { useEffect, useState } from "preact/hooks";

/**
 * This moment in milliseconds, updated each second for as long as something counts.
 * @param {boolean} counts
 */
export function useNow(counts) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!counts) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [counts]);
  return now;
}
