import { useEffect, useRef, useState } from "preact/hooks";
import { arrange, isSameShape, yieldToPage } from "../../models/graph_layout.js";

/**
 * @typedef {import("../../models/relation_graph.js").Graph} Graph
 * @typedef {import("../../models/graph_view.js").Point} Point
 * @typedef {{ graph: Graph, points: Point[] }} Arranged
 */

/** What was worked out while the page is open, by campaign: what is seen again looks the same. */
const kept = /** @type {Map<string, Arranged>} */ (new Map());

/**
 * The last graph whose points are known, with them. Until a changed one is arranged, that is the
 * one before it.
 * @param {string} campaignId @param {Graph} graph
 * @returns {{ arranged: Arranged | null, failed: boolean, retry: () => void }}
 */
export function usePoints(campaignId, graph) {
  const [arranged, setArranged] = useState(/** @type {Arranged | null} */ (null));
  const [failed, setFailed] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const newest = useRef(0);
  useEffect(() => {
    newest.current += 1;
    const mine = newest.current;
    const isCurrent = () => mine === newest.current;
    const put = (/** @type {Point[]} */ points) => {
      const made = { graph, points };
      kept.set(campaignId, made);
      setArranged(made);
    };
    const before = kept.get(campaignId) ?? null;
    if (before && isSameShape(before.graph, graph)) {
      put(before.points);
      return;
    }
    const work = async () => {
      setFailed(false);
      try {
        const earlier = new Map(before?.graph.things.map(({ id }, place) => [id, before.points[place]]));
        const pause = async () => {
          await yieldToPage();
          if (!isCurrent()) throw new Overtaken();
        };
        const points = await arrange(await import("d3-force"), graph, earlier, pause);
        if (isCurrent()) put(points);
      } catch (error) {
        if (error instanceof Overtaken || !isCurrent()) return;
        setFailed(true);
        // The library could not be fetched; anything else is a fault of ours and stays loud.
        if (!(error instanceof TypeError)) throw error;
      }
    };
    work();
    return () => void (newest.current += 1);
  }, [campaignId, graph, attempts]);
  return { arranged, failed, retry: () => setAttempts(attempts + 1) };
}

/** The graph changed meanwhile, or nobody looks any more. */
class Overtaken extends Error {}
