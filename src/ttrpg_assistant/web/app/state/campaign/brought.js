import { useEffect, useRef, useState } from "preact/hooks";
import { ofCampaign, useFetched } from "../fetched.js";
import { findPlaces } from "./continuity.js";
import { forgetWritten } from "./just_written.js";

/**
 * What contradicts something that was just accepted, imported, noted or said.
 *
 * @typedef {import("./just_written.js").Writer} Writer
 * @typedef {import("./continuity.js").Contradiction} Contradiction
 * @typedef {{ by: { kind: string, id: string }, contradictions: Contradiction[], is_finished: boolean }} OneBrought
 */

/** Cards come in flocks, as after "Accept all": one question for all, after so many milliseconds. */
const SOON = 120;

/** As many as the server is asked about at once. */
const MOST = 50;

/** How long to wait before asking again while the look is not finished, in milliseconds. */
const AGAIN = [2_000, 4_000, 8_000, 16_000];

/** @typedef {{ writers: Set<Writer>, answer: Promise<Map<string, OneBrought>> }} Flock */
/** @type {Map<string, Flock>} */
const flocks = new Map();

/**
 * @param {import("../../api.js").Api} api @param {string} campaignId @param {Writer} writer
 * @returns {Promise<OneBrought>}
 */
async function ask(api, campaignId, writer) {
  let flock = flocks.get(campaignId);
  if (!flock || flock.writers.size >= MOST) {
    const writers = /** @type {Set<Writer>} */ (new Set());
    flock = { writers, answer: askAll(api, campaignId, writers) };
    flocks.set(campaignId, flock);
  }
  flock.writers.add(writer);
  const all = await flock.answer;
  return all.get(writer) ?? { by: { kind: "", id: "" }, contradictions: [], is_finished: true };
}

/**
 * @param {import("../../api.js").Api} api @param {string} campaignId @param {Set<Writer>} writers
 * @returns {Promise<Map<string, OneBrought>>}
 */
async function askAll(api, campaignId, writers) {
  await new Promise((done) => setTimeout(done, SOON));
  if (flocks.get(campaignId)?.writers === writers) flocks.delete(campaignId);
  const query = [...writers].map((one) => `by=${encodeURIComponent(one)}`).join("&");
  const { brought } = await api.get(`/api/campaigns/${campaignId}/contradictions/brought?${query}`);
  return new Map(brought.map((/** @type {OneBrought} */ one) => [`${one.by.kind}:${one.by.id}`, one]));
}

/** What was said is asked about once, unless something was found of it. @param {Writer} writer */
const isSaid = (writer) => writer.startsWith("message:");

/**
 * Asks, and while the look is not finished asks again, a few times.
 * @param {import("../app.js").App} app @param {string} campaignId @param {Writer} writer
 */
export function useBrought(app, campaignId, writer) {
  const [times, setTimes] = useState(0);
  const hasFound = useRef(false);
  const hears = ofCampaign(campaignId);
  const { value, fault, pull } = useFetched(
    async (signal) => {
      const one = await ask(app.api, campaignId, writer);
      const sources = one.contradictions.flatMap((each) => [each.old.source, each.new.source]);
      hasFound.current ||= one.contradictions.length > 0;
      if (isSaid(writer) && one.is_finished && !hasFound.current) forgetWritten(writer);
      const places = await findPlaces(app, campaignId, sources, signal);
      return { found: one.contradictions, isFinished: one.is_finished, places };
    },
    [campaignId, writer],
    (hint) => (hasFound.current || !isSaid(writer)) && hears(hint),
  );
  const most = isSaid(writer) ? 1 : AGAIN.length;
  const isWaiting = value !== null && !value.isFinished && times < most;
  useEffect(() => {
    if (!isWaiting) return undefined;
    const wait = setTimeout(() => {
      setTimes(times + 1);
      pull();
    }, AGAIN[times]);
    return () => clearTimeout(wait);
  }, [isWaiting, times]);
  const again = () => {
    setTimes(0);
    return pull();
  };
  return { value, fault, isWaiting, pull, again };
}
