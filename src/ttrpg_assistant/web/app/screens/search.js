import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { Icon } from "../components/icon.js";
import { SearchResults } from "../components/search/search_results.js";
import { MessageContext } from "../components/search/message_context.js";
import { searchAddress } from "../models/search_words.js";
import { navigate, query } from "../router.js";
import { useFetched, useSettled } from "../state/fetched.js";
import { useApp } from "../state/app.js";
import { screens } from "../words/en/screens.js";
import { search } from "../words/en/search.js";
import { KINDS } from "../state/campaign/campaign_kinds.js";

/** Everything said and written, looked through; what was found opens beside it, in its branch. */
export default function SearchScreen() {
  const app = useApp();
  const asked = Object.fromEntries(new URLSearchParams(query.value));
  const [typed, setTyped] = useState(asked.q ?? "");
  const settled = useSettled(typed).trim();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const change = (/** @type {Record<string, string>} */ values) =>
    navigate(searchAddress({ ...asked, ...values }), { replace: true });
  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (settled !== (asked.q ?? "")) change({ q: settled, message: "" });
  }, [settled]);

  const { message, ...wanted } = asked;
  const { value: campaigns } = useFetched(
    (signal) => app.api.get("/api/campaigns?limit=100&archived=all", { signal }),
    [],
  );
  const select = (/** @type {string} */ name, /** @type {string} */ label, /** @type {[string, string][]} */ options) =>
    html`<label class="finder__filter"><span class="sr-only">${label}</span>
      <select class="field" value=${asked[name] ?? ""} onChange=${(/** @type {any} */ event) => change({ [name]: event.currentTarget.value })}>
        ${options.map(([value, words]) => html`<option key=${value} value=${value}>${words}</option>`)}
      </select></label>`;
  const day = (/** @type {string} */ name, /** @type {string} */ label) =>
    html`<label class="finder__filter finder__day">${label}
      <input class="field" type="date" value=${asked[name] ?? ""} onChange=${(/** @type {any} */ event) => change({ [name]: event.currentTarget.value })} /></label>`;

  return html`<div class=${`book finder ${message ? "finder--open" : ""}`}><div class="finder__page">
    <header class="book__head"><h1 class="book__title">${screens.search}</h1></header>
    <form role="search" class="finder__form" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <label class="search finder__words"><${Icon} name="search" /><span class="sr-only">${search.field}</span>
        <input ref=${field} type="search" class="search__text" maxlength="500" placeholder=${search.fieldHint} value=${typed}
          onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
      <div class="finder__filters">
        ${select("order", search.order, [
          ["", search.newestFirst],
          ["best", search.bestMatch],
        ])}
        ${select("kind", search.where, [
          ["", search.everywhere],
          ["chat", search.chats],
          ["thread", search.threads],
          ["npc", search.npcs],
        ])}
        ${select("campaign_id", KINDS.campaign.title, [["", search.allCampaigns], ...(campaigns?.campaigns ?? []).map((/** @type {any} */ one) => [one.id, one.name])])}
        ${select("role", search.speaker, [
          ["", search.anyone],
          ["user", search.byYou],
          ["assistant", search.answersOnly],
        ])}
        ${asked.conversation_id && html`<button type="button" class="chip chip--known" onClick=${() => change({ conversation_id: "" })}>${search.inOneConversation} <${Icon} name="x" label=${search.searchEverywhere} /></button>`}
        ${day("from", search.from)} ${day("to", search.to)}
        <label class="check check--small"><input type="checkbox" checked=${asked.archived === "true"}
          onChange=${(/** @type {any} */ event) => change({ archived: event.currentTarget.checked ? "true" : "" })} /> ${search.includeArchived}</label>
      </div>
    </form>
    <div class="finder__desk">
      ${
        asked.q
          ? html`<${SearchResults} wanted=${wanted} openId=${message ?? null} onOpen=${(/** @type {string} */ id) => change({ message: id })} />`
          : html`<p class="quiet finder__hint">${search.intro}</p>`
      }
      ${message && html`<${MessageContext} key=${message} messageId=${message} onClose=${() => change({ message: "" })} />`}
    </div>
  </div></div>`;
}
