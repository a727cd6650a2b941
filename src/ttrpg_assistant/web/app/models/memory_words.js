import { playDayWords } from "./play_days.js";
import { memory } from "../words/en/memory.js";
import { counts } from "../words/en/counts.js";

/** @typedef {import("../state/talk/memory.js").Summary} Summary */

/** When the talk took place. @param {Summary} summary @param {Date} now @param {string} [language] */
export function whenOf(summary, now, language) {
  const first = playDayWords(new Date(summary.first_at), now, language);
  const last = playDayWords(new Date(summary.last_at), now, language);
  return first === last ? first : memory.period(first, last);
}

/** @param {Summary} summary */
export function sizeOf(summary) {
  return counts.messages(summary.message_count);
}

/** Who wrote what stands there. @param {Summary} summary */
export function sourceOf(summary) {
  if (summary.own_text !== null) return memory.inYourWords;
  if (summary.made_by === "offline") return memory.byBuiltIn;
  return memory.byModel(summary.made_by.split(":").slice(1).join(":") || summary.made_by);
}

/** What has to be said of it, or nothing. @param {Summary} summary */
export function warningOf(summary) {
  if (!summary.outdated_at) return "";
  return summary.own_text !== null ? memory.ownOutdated : memory.beingRewritten;
}

/**
 * Summaries by who is told them, in the order in which they first come.
 * @param {Summary[]} summaries @param {Record<string, string>} names
 * @returns {{ key: string, title: string, note: string, summaries: Summary[] }[]}
 */
export function groupByListener(summaries, names) {
  const groups = /** @type {Map<string, ReturnType<typeof groupByListener>[0]>} */ (new Map());
  for (const summary of summaries) {
    const key = `${summary.mode ?? ""} ${summary.hearer_npc_id ?? ""}`;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { key, ...headOf(summary, names), summaries: [] }));
    group.summaries.push(summary);
  }
  return [...groups.values()];
}

/** @param {Summary} summary @param {Record<string, string>} names */
function headOf(summary, names) {
  const spoken = memory.npcHears;
  if (summary.hearer_npc_id)
    return { title: memory.heardBy(names[summary.hearer_npc_id] ?? memory.anNpc), note: spoken };
  if (summary.mode === "as") return { title: memory.saidAsNpc, note: spoken };
  if (summary.mode === "about") return { title: memory.saidAboutNpc, note: "" };
  return { title: "", note: "" };
}
