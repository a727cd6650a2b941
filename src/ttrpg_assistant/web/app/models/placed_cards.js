/**
 * Puts empty boxes into drawn Markdown where the cards of a reply come: between its paragraphs,
 * inside the list whose items go on after them, never inside a table or a paragraph.
 *
 * @typedef {{ at: number, name: number }} Mark the character of the text before which a box comes, and its number
 */

const OF_ITEM = "list_item_open";

/** Teaches Markdown the places (`env.places`, in the order of the text). @param {any} md */
export function placeCards(md) {
  md.core.ruler.after("block", "card_places", (/** @type {any} */ state) => {
    const marks = /** @type {Mark[] | undefined} */ (state.env.places);
    if (!marks || marks.length === 0) return;
    const places = findPlaces(state.tokens, linesOf(state.src, marks));
    const tokens = [];
    let next = 0;
    for (let at = 0; at <= state.tokens.length; at += 1) {
      for (; places[next] === at; next += 1) {
        const box = new state.Token("card_place", "", 0);
        box.block = true;
        box.meta = marks[next].name;
        tokens.push(box);
      }
      if (at < state.tokens.length) tokens.push(state.tokens[at]);
    }
    state.tokens = tokens;
  });
  md.renderer.rules.card_place = (/** @type {any} */ tokens, /** @type {number} */ at) =>
    `<div class="card-place card-place-${tokens[at].meta}"></div>`;
}

/** The line at which each mark comes. @param {string} text @param {Mark[]} marks */
function linesOf(text, marks) {
  let line = 0;
  let from = 0;
  return marks.map(({ at }) => {
    for (let end = text.indexOf("\n", from); end >= 0 && end < at; end = text.indexOf("\n", from)) {
      line += 1;
      from = end + 1;
    }
    return line;
  });
}

/**
 * Before which token each box comes, in one walk over all of them.
 * @param {any[]} tokens @param {number[]} lines in their order
 */
function findPlaces(tokens, lines) {
  let at = 0;
  return lines.map((line) => {
    for (; at < tokens.length; at += 1) {
      const { type, nesting, map } = tokens[at];
      if (nesting < 0 || !map || type === "inline") continue;
      // Between two items a box is the end of the first.
      if (map[0] >= line) return type === OF_ITEM && tokens[at - 1]?.type === "list_item_close" ? at - 1 : at;
      if (type === "table_open") while (tokens[at].type !== "table_close") at += 1;
    }
    return tokens.length;
  });
}
