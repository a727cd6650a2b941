import { useLayoutEffect, useState } from "preact/hooks";

/**
 * Gives the focus to something that the next drawing brings, in the very moment it is drawn. A
 * moment later a key may have been pressed already: it would be lost, or the focus taken from
 * where somebody has gone on.
 * @returns {(find: () => HTMLElement | null | undefined) => void}
 */
export function useFocus() {
  const [wanted, setWanted] = useState(/** @type {{ find: () => HTMLElement | null | undefined } | null} */ (null));
  useLayoutEffect(() => wanted?.find()?.focus(), [wanted]);
  return (find) => setWanted({ find });
}
