/**
 * Sources that a reply names where it rests on them: `[[Mira Vale]]`. A name that the reply's
 * sources hold becomes a link to the thing; any other is shown without its brackets.
 *
 * @typedef {{ source_name: string, is_verified?: boolean, entity_kind?: string | null, entity_id?: string | null }} Source
 */

const NAMED = /\[\[([^[\]\n|]{1,200})(?:\|[^[\]\n]{0,200})?\]\]/y;

const LINK = /(!?)\[\[([^[\]\n|]{1,300})(?:\|([^[\]\n]{0,300}))?\]\]/g;
const PICTURE = /\.(?:png|jpe?g|webp|gif|svg|bmp|avif)$/i;

/**
 * A text with the names of what its links lead to, as notes of other programs write them: of
 * `[[People/Mira Vale|the smith]]` the smith. What shows a picture is left out: pictures stand
 * beside the text.
 * @param {string} text
 */
export function linksAsNames(text) {
  if (!text.includes("[[")) return text;
  return text.replace(LINK, (_whole, shows, target, called) => {
    if (shows && PICTURE.test(target.trim())) return "";
    return called?.trim() || target.split("#")[0].trim().split("/").at(-1) || target.replace("#", "").trim();
  });
}

/** Where the names of these sources lead. @param {Source[]} citations @returns {Map<string, string>} */
export function addressesOf(citations) {
  const addresses = new Map();
  for (const { source_name: name, is_verified, entity_kind, entity_id } of citations) {
    if (is_verified && entity_kind && entity_id)
      addresses.set(key(name), `ttrpg:${entity_kind}/${encodeURIComponent(entity_id)}`);
  }
  return addresses;
}

/**
 * Teaches Markdown the double brackets. They are read only where a text has sources
 * (`env.sources`): what a person writes stays as it is.
 * @param {any} md
 */
export function readNamedSources(md) {
  md.inline.ruler.before("link", "named_source", (/** @type {any} */ state, /** @type {boolean} */ silent) => {
    if (!state.env.sources || !state.src.startsWith("[[", state.pos)) return false;
    NAMED.lastIndex = state.pos;
    const found = NAMED.exec(state.src);
    if (!found || state.pos + found[0].length > state.posMax) return false;
    if (!silent) {
      const address = state.env.sources.get(key(found[1]));
      if (address) state.push("link_open", "a", 1).attrs = [["href", address]];
      state.push("text", "", 0).content = found[1].trim();
      if (address) state.push("link_close", "a", -1);
    }
    state.pos += found[0].length;
    return true;
  });
}

/** @param {string} name */
function key(name) {
  return name.split(/\s+/).filter(Boolean).join(" ").toLowerCase();
}
