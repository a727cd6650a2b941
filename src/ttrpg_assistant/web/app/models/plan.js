/**
 * An evening's plan as a list that is checked off. The plan stays the game master's own prose; a
 * check is the mark of a Markdown task in it (`- [x] the green opener`), so it goes wherever the plan
 * goes: to other devices, into prompts, into exports.
 *
 * @typedef {object} PlanItem
 * @property {string} text without its marks
 * @property {boolean} done
 * @property {number} line of the plan, from 0
 * @property {number} part of that line, from 0: `Scenes: the mill; the opener` holds two
 *
 * @typedef {object} PlanPart
 * @property {string} title may be empty
 * @property {"start" | "secrets" | "other"} role
 * @property {PlanItem[]} items
 */

const TASK = /^(\s*(?:[-*+•]|\d{1,3}[.)])\s+)?(?:\[([ xX])\]\s+)?(.*)$/;
const HEADING = /^\s*#{1,6}\s+(.*)$/;
const START = /\b(?:strong start|opening|start)\b/i;
const SECRETS = /\b(?:secrets?|clues?|reveals?|revelations?)\b/i;

/** A label is a few words, not a sentence that happens to hold a colon. */
const LABEL_CHARACTERS = 40;

/** @param {string} plan @returns {PlanPart[]} without the empty ones */
export function readPlan(plan) {
  /** @type {PlanPart[]} */
  const parts = [];
  const begin = (/** @type {string} */ title) => {
    const role = START.test(title) ? "start" : SECRETS.test(title) ? "secrets" : "other";
    parts.push({ title, role: /** @type {PlanPart["role"]} */ (role), items: [] });
  };
  const last = () => {
    if (parts.length === 0) begin("");
    return parts[parts.length - 1];
  };
  plan.split("\n").forEach((whole, line) => {
    if (!whole.trim()) return;
    const heading = HEADING.exec(whole)?.[1];
    if (heading !== undefined) return begin(heading.trim().replace(/:$/, ""));
    const { mark, label, pieces, done } = readLine(whole);
    if (label && !mark) begin(label);
    pieces.forEach((text, part) => last().items.push({ text, done, line, part }));
  });
  return parts.filter(({ items }) => items.length > 0);
}

/**
 * The plan with one item checked or not. An item that shares its line gets lines of its own.
 * @param {string} plan @param {PlanItem} item as it was shown, perhaps of an older wording of the plan
 * @param {boolean} done
 * @returns {string | null} null when the item is not in the plan any more
 */
export function checkItem(plan, item, done) {
  const now = readPlan(plan)
    .flatMap(({ items }) => items)
    .filter(({ text }) => text === item.text);
  const found = now.find(({ line, part }) => line === item.line && part === item.part) ?? now[0];
  if (!found) return null;
  const lines = plan.split("\n");
  const { label, pieces, indent } = readLine(lines[found.line]);
  const task = (/** @type {string} */ text, /** @type {boolean} */ isDone) =>
    `${indent}- [${isDone ? "x" : " "}] ${text}`;
  lines[found.line] =
    label || pieces.length > 1
      ? [...(label ? [`${label}:`] : []), ...pieces.map((text, at) => task(text, at === found.part && done))].join("\n")
      : task(pieces[0], done);
  return lines.join("\n");
}

/** How many are done, of how many. @param {PlanPart[]} parts */
export function countDone(parts) {
  const items = parts.flatMap((part) => part.items);
  return { done: items.filter((item) => item.done).length, all: items.length };
}

/** @param {string} whole */
function readLine(whole) {
  const [, mark = "", box, rest] = /** @type {RegExpExecArray} */ (TASK.exec(whole));
  const indent = /^\s*/.exec(whole)?.[0] ?? "";
  const said = rest.trim();
  const colon = said.indexOf(":");
  const isLabelled =
    !mark && box === undefined && colon > 0 && colon <= LABEL_CHARACTERS && !/[.!?]/.test(said.slice(0, colon));
  const label = isLabelled ? said.slice(0, colon).trim() : "";
  const text = isLabelled ? said.slice(colon + 1).trim() : said;
  const pieces = isLabelled ? text.split(";").map((piece) => piece.trim()) : [text];
  return { mark, box, indent, label, done: (box ?? " ") !== " ", pieces: pieces.filter(Boolean) };
}
