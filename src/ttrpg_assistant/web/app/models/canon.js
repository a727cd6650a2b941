/**
 * How far things and facts are part of the story.
 *
 * @typedef {import("../state/campaign/campaign_kinds.js").Kind} Kind
 * @typedef {import("../state/campaign/campaign_kinds.js").Field} Field
 */

import { THINGS } from "../state/campaign/campaign_kinds.js";

/** The field that says it; a plot point has it as its status. @param {Kind} kind @returns {Field | undefined} */
export function canonField({ fields }) {
  return fields.find(({ options }) => options?.some(([value]) => value === "retconned"));
}

/** The steps and their words, as the server declares them for every kind. @type {[string, string][]} */
export const STEPS = THINGS.map(canonField).find(Boolean)?.options ?? [];

/** What a mark says of a step; nothing of what counts. @param {string | undefined} step */
export function canonMark(step) {
  return !step || step === "happened" ? "" : (STEPS.find(([value]) => value === step)?.[1] ?? step);
}

/** Whether nobody but the game master can know of it. @param {any} one */
export function isUntold({ canon, status }) {
  return [canon, status].some((step) => step === "idea" || step === "retconned");
}
