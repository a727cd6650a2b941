import DOMPurify from "dompurify";
import markdownIt from "markdown-it";
import { directionOf } from "./models/direction.js";
import { addressesOf, readNamedSources } from "./models/named_sources.js";
import { placeCards } from "./models/placed_cards.js";

/**
 * Markdown to safe markup. What a model writes is hostile until shown otherwise: markup in the
 * text stays text, the result is sanitised after rendering with short lists of what may pass,
 * pictures become links (a remote picture tells its owner who reads), and links open only after
 * they have been shown to the reader (see `links.js`).
 */
const TAGS =
  "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split(" ");
const ATTRIBUTES = ["href", "title", "class", "start", "rel", "dir"];
const ADDRESSES = /^(?:https?:\/\/|mailto:|ttrpg:)/i;
const CLASSES = /^(?:language-[\w+#.-]{1,40}|align-(?:left|center|right)|card-place card-place-\d{1,4})$/;

const DIRECTIONS = /^(?:auto|ltr|rtl)$/;

const LINES = new Set("p h1 h2 h3 h4 h5 h6 td th".split(" "));
const HOLDERS = new Set("ul ol li blockquote table".split(" "));

const md = markdownIt({ html: false, linkify: true, breaks: true });
md.validateLink = (address) => ADDRESSES.test(address.trim());

readNamedSources(md);
placeCards(md);

md.renderer.rules.image = (tokens, index) => {
  const token = tokens[index];
  const address = String(token.attrGet("src") ?? "");
  const words = token.content.trim() || "picture";
  const { escapeHtml } = md.utils;
  return ADDRESSES.test(address) ? `<a href="${escapeHtml(address)}">${escapeHtml(words)}</a>` : escapeHtml(words);
};

// Column alignment comes as a style attribute, which the page's own rules forbid: make it a class.
md.core.ruler.push("alignment", (state) => {
  for (const token of state.tokens) {
    const align = /text-align:(left|center|right)/.exec(String(token.attrGet("style") ?? ""));
    if (align) token.attrs = [["class", `align-${align[1]}`]];
  }
});

// Each paragraph, entry and cell is written from its own side; what holds several, from the side
// of its first: their marks and edges stand there.
md.core.ruler.push("direction", (state) => {
  let first = "";
  for (const token of [...state.tokens].reverse()) {
    if (token.type === "inline") first = token.content;
    else if (token.nesting === 1 && HOLDERS.has(token.tag)) token.attrSet("dir", directionOf(first));
    else if (token.nesting === 1 && LINES.has(token.tag)) token.attrSet("dir", "auto");
  }
});

const purify = DOMPurify(window);
purify.addHook("uponSanitizeAttribute", (_node, attribute) => {
  if (attribute.attrName === "class") attribute.keepAttr = CLASSES.test(attribute.attrValue);
  if (attribute.attrName === "dir") attribute.keepAttr = DIRECTIONS.test(attribute.attrValue);
});
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  if (!node.getAttribute("href")) return;
  node.setAttribute("rel", "noopener noreferrer nofollow");
});

const RULES = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  ALLOWED_URI_REGEXP: ADDRESSES,
  ADD_URI_SAFE_ATTR: ["dir", "start"], // these are no addresses
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** @typedef {ReturnType<typeof md.parse>} Tokens */

/**
 * Of a reply that is being written, whose sources are not known yet.
 * @param {string} text @param {import("./models/placed_cards.js").Mark[]} [places] @returns {Tokens}
 */
export function parse(text, places = []) {
  return md.parse(text, { sources: new Map(), places });
}

/** @param {Tokens} tokens @returns {DocumentFragment} */
export function toFragment(tokens) {
  const markup = md.renderer.render(tokens, md.options, {});
  return purify.sanitize(markup, { ...RULES, RETURN_DOM_FRAGMENT: true });
}

const rendered = /** @type {Map<string, string>} */ (new Map());

/** As many texts as two long conversations show. */
const MOST_RENDERED = 1000;

/**
 * A whole text as safe markup, remembered. A reply has `citations`: names in double brackets
 * lead to them. `places` are where cards come: an empty box stands there.
 * @param {string} text @param {import("./models/named_sources.js").Source[]} [citations]
 * @param {import("./models/placed_cards.js").Mark[]} [places]
 */
export function toMarkup(text, citations, places = []) {
  const sources = citations && text.includes("[[") ? addressesOf(citations) : undefined;
  const marks = places.map(({ at, name }) => [at, name]);
  const key = sources || marks.length > 0 ? JSON.stringify([text, marks, ...(sources ?? [])]) : text;
  const known = rendered.get(key);
  if (known !== undefined) return known;
  const markup = purify.sanitize(md.render(text, { sources, places }), RULES);
  if (rendered.size >= MOST_RENDERED) rendered.delete(/** @type {string} */ (rendered.keys().next().value));
  rendered.set(key, markup);
  return markup;
}

/**
 * Where the last top-level block of a text begins, in tokens and in characters: what stands before
 * it will not change when the text grows.
 * @param {string} text
 * @param {Tokens} tokens
 * @returns {{ token: number, at: number } | null} null when there is only one block
 */
export function lastBlock(text, tokens) {
  let last = -1;
  let blocks = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const { level, nesting, map } = tokens[index];
    if (level !== 0 || nesting < 0 || !map) continue;
    last = index;
    blocks += 1;
  }
  if (blocks < 2) return null;
  let at = 0;
  for (let line = /** @type {number[]} */ (tokens[last].map)[0]; line > 0; line -= 1) {
    at = text.indexOf("\n", at) + 1;
  }
  return { token: last, at };
}
