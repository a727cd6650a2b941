/**
 * One tab at a time. Where the browser offers no locks (a page opened over plain HTTP from another
 * machine), the work simply runs: the server takes a repeated message once.
 *
 * @param {string} name
 * @param {(lost: AbortSignal) => Promise<void>} work told by the signal when another tab took over
 * @param {{ signal?: AbortSignal, patience?: number }} [options] after `patience` milliseconds of
 *   waiting the lock is taken over, because a frozen tab can hold it for ever
 */
export async function withLock(name, work, { signal, patience } = {}) {
  const lost = new AbortController();
  if (!navigator.locks) return work(lost.signal);
  const run = () => work(lost.signal);
  const timeout = patience === undefined ? null : AbortSignal.timeout(patience);
  const signals = [signal, timeout].filter((each) => each != null);
  let ours = false;
  try {
    await navigator.locks.request(name, { signal: AbortSignal.any(signals) }, () => {
      ours = true;
      return run();
    });
  } catch (error) {
    if (signal?.aborted) return;
    if (ours && isAbort(error)) return lost.abort(); // taken over by another tab
    if (!timeout?.aborted || ours) throw error;
    await navigator.locks.request(name, { steal: true }, run).catch((fault) => {
      if (!isAbort(fault)) throw fault;
      lost.abort();
    });
  }
}

/** Whether any tab holds this lock now. @param {string} name */
export async function isHeld(name) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some((lock) => lock.name === name);
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof DOMException && (error.name === "AbortError" || error.name === "TimeoutError");
}
