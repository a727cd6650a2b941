import { useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./app.js";

/**
 * Keeps something of the server's on the screen: pulls it, and again when it is said to have
 * changed. A pull that was overtaken by a later one never shows.
 *
 * @template T
 * @typedef {object} Fetched
 * @property {T | null} value the last that arrived; null before the first
 * @property {import("../faults.js").ApiFault | null} fault why the last pull failed
 * @property {boolean} loading
 * @property {() => Promise<void>} pull
 * @property {(value: T) => void} put shows a value that is known to be newer
 */

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} fetch
 * @param {unknown[]} keys what it depends on: when one changes, what was pulled for the old is dropped
 * @param {(hint: import("../live.js").Hint) => boolean} [wants] which hints mean that it may have changed
 * @returns {Fetched<T>}
 */
export function useFetched(fetch, keys, wants) {
  const app = useApp();
  const [state, setState] = useState(
    /** @type {{ key: string, value: T | null, fault: any, loading: boolean }} */ ({
      key: "",
      value: null,
      fault: null,
      loading: true,
    }),
  );
  const turn = useRef(0);
  const calls = useRef({ fetch, wants });
  calls.current = { fetch, wants };
  const key = JSON.stringify(keys);

  const pull = async () => {
    const mine = (turn.current += 1);
    const calling = new AbortController();
    setState((now) => ({ ...now, value: now.key === key ? now.value : null, key, loading: true }));
    try {
      const value = await calls.current.fetch(calling.signal);
      if (mine === turn.current) setState({ key, value, fault: null, loading: false });
    } catch (error) {
      if (!(/** @type {any} */ (error).detail)) throw error;
      if (mine === turn.current) setState((now) => ({ ...now, fault: error, loading: false }));
    }
  };

  useEffect(() => {
    pull();
    let again = /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined);
    const soon = () => {
      clearTimeout(again);
      again = setTimeout(pull, 60);
    };
    const leave = app.attend({
      onHint: (hint) => void (calls.current.wants?.(hint) && soon()),
      onCatchUp: soon,
    });
    return () => {
      leave();
      clearTimeout(again);
      turn.current += 1;
    };
  }, [app, key]);

  const current = state.key === key;
  return {
    value: current ? state.value : null,
    fault: current ? state.fault : null,
    loading: !current || state.loading,
    pull,
    put: (value) => {
      turn.current += 1;
      setState({ key, value, fault: null, loading: false });
    },
  };
}

/** Hints that one campaign has changed. @param {string | null | undefined} campaignId */
export function ofCampaign(campaignId) {
  return (/** @type {import("../live.js").Hint} */ hint) =>
    (hint.event === "campaign" && (campaignId == null || hint.id === campaignId)) || hint.event === "removal";
}

/**
 * What follows something after a pause, for asking while it is typed.
 * @template T
 * @param {T} now @param {number} [pause] milliseconds
 * @returns {T}
 */
export function useSettled(now, pause = 150) {
  const [settled, setSettled] = useState(now);
  useEffect(() => {
    const wait = setTimeout(() => setSettled(now), pause);
    return () => clearTimeout(wait);
  }, [now, pause]);
  return settled;
}
