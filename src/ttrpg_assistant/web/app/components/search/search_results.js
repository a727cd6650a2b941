import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { GmOnlySign } from "../campaign/gm_only.js";
import { playDayWords } from "../../models/play_days.js";
import { placeOf, speakerOf, thingLink, thingWord } from "../../models/search_words.js";
import { useApp } from "../../state/app.js";
import { search as t } from "../../words/en/search.js";
import { controls } from "../../words/en/controls.js";

/**
 * What was found: things of the world, then what was said, page after page.
 * @param {{ wanted: Record<string, string>, openId: string | null, onOpen: (messageId: string) => void }} props
 */
export function SearchResults({ wanted, openId, onOpen }) {
  const app = useApp();
  const asked = new URLSearchParams(wanted).toString();
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [fault, setFault] = useState(/** @type {any} */ (null));
  const [again, setAgain] = useState(0);

  const fetchPage = async (/** @type {string | null} */ before, /** @type {AbortSignal} */ signal) => {
    const place = before ? `&before=${encodeURIComponent(before)}` : "";
    try {
      const page = await app.api.get(`/api/search?${asked}${place}`, { signal });
      if (signal.aborted) return;
      setFault(null);
      setFound((/** @type {any} */ now) =>
        before && now ? { ...page, things: now.things, hits: [...now.hits, ...page.hits] } : page,
      );
    } catch (error) {
      if (signal.aborted) return;
      if (!(/** @type {any} */ (error).detail)) throw error;
      setFault(error);
    }
  };
  useEffect(() => {
    const calling = new AbortController();
    fetchPage(null, calling.signal);
    return () => calling.abort();
  }, [asked, again]);

  if (fault) {
    return html`<p class="note note--trouble" role="alert">${fault.detail} ${fault.cure ?? ""}
      <button type="button" class="link-button" onClick=${() => setAgain(again + 1)}>${controls.retry}</button></p>`;
  }
  if (!found) return html`<p class="quiet" role="status">${t.searching}</p>`;
  const nothing = found.hits.length === 0 && found.things.length === 0;
  return html`<div class="found">
    <p class="sr-only" role="status">${nothing ? t.nothing : t.found(found.hits.length, found.things.length)}</p>
    ${nothing && html`<p class="quiet">${t.nothingHelp}</p>`}
    ${
      found.things.length > 0 &&
      html`<section class="found__things" aria-label=${t.things}>
      ${found.things.map(
        (
          /** @type {any} */ thing,
        ) => html`<a class="found__thing" key=${thing.kind + thing.id} href=${thingLink(thing)}>
        <span class="found__kind">${thingWord(thing.kind)} · ${thing.campaign_name}${thing.is_archived ? ` · ${t.archived}` : ""}</span>
        ${thing.name && html`<strong>${thing.name}</strong>`}
        <span class="found__snippet" dir="auto">${thing.is_gm_only && html`<${GmOnlySign} /> `}${thing.field && !thing.is_gm_only ? `${thing.field}: ` : ""}<${Snippet} pieces=${thing.snippet} /></span></a>`,
      )}
    </section>`
    }
    ${
      found.hits.length > 0 &&
      html`<ol class="found__hits" aria-label=${t.messages}>
      ${found.hits.map(
        (/** @type {any} */ hit) => html`<li key=${hit.message_id}>
        <button type="button" class="found__hit" aria-current=${hit.message_id === openId ? "true" : undefined} onClick=${() => onOpen(hit.message_id)}>
          <span class="found__kind"><b>${placeOf(hit)}</b> · ${speakerOf(hit, hit.npc_name ? { "": hit.npc_name } : {})} · <time datetime=${hit.said_at}>${playDayWords(new Date(hit.said_at), new Date())}</time>
            ${hit.campaign_name ? ` · ${hit.campaign_name}` : ""}${hit.is_archived ? ` · ${t.archived}` : ""}${hit.is_on_active_path === false ? ` · ${t.otherBranch}` : ""}</span>
          <span class="found__snippet" dir="auto"><${Snippet} pieces=${hit.snippet} /></span>
        </button></li>`,
      )}
    </ol>`
    }
    ${found.has_more && html`<button type="button" class="button" onClick=${() => fetchPage(found.next_cursor, new AbortController().signal)}>${controls.showMore}</button>`}
    ${found.still_indexing > 0 && html`<p class="quiet">${t.indexing(found.still_indexing)}</p>`}
  </div>`;
}

/** @param {{ pieces: import("../../models/search_words.js").Piece[] }} props */
function Snippet({ pieces }) {
  return pieces.map((piece, at) => (piece.hit ? html`<mark key=${at}>${piece.text}</mark>` : piece.text));
}
