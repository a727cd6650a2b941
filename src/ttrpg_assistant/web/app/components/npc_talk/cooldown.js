import { useEffect, useRef, useState } from "preact/hooks";
import { ageOf, monotonicNow } from "../../monotonic.js";

/** The pause before the other voice may be used, in milliseconds; the server holds to the same. */
const PAUSE = 5000;

/**
 * Seconds until this mode may be used, 0 when it may be now. Counted from the last message of the
 * other mode, and never longer than the pause after it was first seen here: clocks may differ.
 * @param {import("../../state/talk/talk.js").Talk} talk @param {"about" | "as"} mode
 */
export function useCooldown(talk, mode) {
  const newest = talk.entries.value.findLast(({ pending }) => !pending)?.message;
  const seen = useRef({ id: "", at: 0 });
  const [, tick] = useState(0);
  if (newest && seen.current.id !== newest.id)
    seen.current = { id: newest.id, at: monotonicNow() - ageOf(newest.created_at, PAUSE) };
  const held = newest?.mode && newest.mode !== mode;
  const left = held ? Math.max(0, seen.current.at + PAUSE - monotonicNow()) : 0;
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => tick((count) => count + 1), left % 1000 || 1000);
    return () => clearTimeout(timer);
  });
  return Math.ceil(left / 1000);
}
