import { signal } from "@preact/signals";

/**
 * What was accepted, noted or said on this page since it was opened: beside it stands what contradicts it.
 *
 * @typedef {`${"suggestion" | "import" | "conversation" | "note" | "message"}:${string}`} Writer
 */

/** Of more nobody is shown beside what anything stands. */
const MOST = 200;

const written = signal(/** @type {ReadonlySet<Writer>} */ (new Set()));

/** @param {...Writer} writers */
export function noteWritten(...writers) {
  const all = [...written.value].filter((one) => !writers.includes(one));
  written.value = new Set([...all, ...writers].slice(-MOST));
}

/** What was taken back has written nothing. @param {Writer} writer */
export function forgetWritten(writer) {
  written.value = new Set([...written.value].filter((one) => one !== writer));
}

/** @param {Writer} writer */
export function wasJustWritten(writer) {
  return written.value.has(writer);
}
