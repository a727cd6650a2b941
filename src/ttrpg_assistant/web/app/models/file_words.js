import { cutText } from "./characters.js";
import { amounts } from "../words/en/amounts.js";
import { archives } from "../words/en/archives.js";
import { counts } from "../words/en/counts.js";
import { INSIDE, THINGS } from "../state/campaign/campaign_kinds.js";

/** Sizes and counts of files, in words. */

/** @param {number} bytes */
export function sizeWords(bytes) {
  if (bytes < 1024) return amounts.bytes(bytes);
  if (bytes < 1024 * 1024) return amounts.kilobytes(Math.round(bytes / 1024));
  return amounts.megabytes((bytes / 1024 / 1024).toFixed(1));
}

/**
 * How much a campaign shows, by name of the list; archived things are counted apart.
 * @typedef {{ in_use: Record<string, number>, archived: Record<string, number> }} Holdings
 */

/** What a game master knows by name. @type {[string, (n: number) => string][]} */
const KNOWN = [
  ...THINGS.map(countWords),
  ["known_facts", counts.facts],
  ["pictures", counts.pictures],
  ...INSIDE.filter(({ isThing }) => !isThing).map(countWords),
  ["session_notes", counts.notes],
  ["conversations", counts.conversations],
  ["messages", counts.messages],
  ["suggestions", counts.suggestions],
];

/** "3 NPCs, 1 archived", one for each kind there is; nothing where a file does not say it. @param {Partial<Holdings> | null | undefined} holds @returns {string[]} */
export function holdingWords(holds) {
  return KNOWN.map(([list, words]) => {
    const inUse = wholeNumber(holds?.in_use?.[list]);
    const archived = wholeNumber(holds?.archived?.[list]);
    if (!archived) return inUse ? words(inUse) : "";
    return inUse ? counts.andArchived(words(inUse), archived) : counts.allArchived(words(archived));
  }).filter(Boolean);
}

/** @param {import("../state/campaign/campaign_kinds.js").Kind} kind @returns {[string, (n: number) => string]} */
function countWords({ listName, noun, plural }) {
  return [listName, (n) => counts.of(n, noun, plural)];
}

/** A file may say anything. @param {unknown} value */
function wholeNumber(value) {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** The title that a file proposes for what is in it. @param {string} name */
export function titleOfFile(name) {
  return (
    cutText(
      name
        .replace(/\.[a-z0-9]{1,5}$/i, "")
        .replace(/[_-]+/g, " ")
        .trim(),
      200,
    ) || archives.transcript
  );
}

/**
 * What a campaign may be called that files are imported into: after the one file, or after the
 * folder that most of several are in.
 * @param {{ files: number, title: string, things: { file_name?: string }[] }} preview
 */
export function campaignNameOf({ files, title, things }) {
  const counts = /** @type {Map<string, number>} */ (new Map());
  for (const { file_name: name = "" } of things) {
    const at = name.indexOf("/");
    if (at > 0) counts.set(name.slice(0, at), (counts.get(name.slice(0, at)) ?? 0) + 1);
  }
  const [[folder, count] = ["", 0]] = [...counts].sort((one, other) => other[1] - one[1]);
  if (count * 2 > things.length) return titleOfFile(folder);
  return files === 1 ? titleOfFile(title) : "";
}
