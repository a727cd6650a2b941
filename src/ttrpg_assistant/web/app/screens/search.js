import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { Icon } from "../components/icon.js";
import { Found } from "../components/search/found.js";
import { Opened } from "../components/search/opened.js";
import { searchAddress } from "../models/search_words.js";
import { navigate, query } from "../router.js";
import { useFetched, useSettled } from "../state/fetched.js";
import { useApp } from "../state/app.js";

/** Everything said and written, looked through; what was found opens beside it, in its branch. */
export default function SearchScreen() {
  const app = useApp();
  const asked = Object.fromEntries(new URLSearchParams(query.value));
  const [typed, setTyped] = useState(asked.q ?? "");
  const settled = useSettled(typed).trim();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const change = (/** @type {Record<string, string>} */ values) =>
    navigate(searchAddress({ ...asked, ...values }), { replace: true });
  useEffect(() => field.current?.focus(), []);
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
    <header class="book__head"><h1 class="book__title">Search</h1></header>
    <form role="search" class="finder__form" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <label class="search finder__words"><${Icon} name="search" /><span class="sr-only">Words to look for</span>
        <input ref=${field} type="search" class="search__text" maxlength="500" placeholder=${'Words, a "phrase", begin*, -without'} value=${typed}
          onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
      <div class="finder__filters">
        ${select("order", "Order", [
          ["", "Newest first"],
          ["best", "Best match"],
        ])}
        ${select("kind", "Kind of talk", [
          ["", "All talk"],
          ["chat", "Chats"],
          ["thread", "Conversations"],
          ["npc", "Talk with NPCs"],
        ])}
        ${select("campaign_id", "Campaign", [["", "Every campaign"], ...(campaigns?.campaigns ?? []).map((/** @type {any} */ one) => [one.id, one.name])])}
        ${select("role", "Speaker", [
          ["", "Said by anyone"],
          ["user", "Said by you"],
          ["assistant", "Answers only"],
        ])}
        ${asked.conversation_id && html`<button type="button" class="chip chip--known" onClick=${() => change({ conversation_id: "" })}>In one conversation <${Icon} name="x" label="Look everywhere" /></button>`}
        ${day("from", "From")} ${day("to", "To")}
        <label class="check check--small"><input type="checkbox" checked=${asked.archived === "true"}
          onChange=${(/** @type {any} */ event) => change({ archived: event.currentTarget.checked ? "true" : "" })} /> Include archived</label>
      </div>
    </form>
    <div class="finder__desk">
      ${
        asked.q
          ? html`<${Found} wanted=${wanted} openId=${message ?? null} onOpen=${(/** @type {string} */ id) => change({ message: id })} />`
          : html`<p class="quiet finder__hint">Look for anything that was said or written: a name, a place, half a word with a star after it. Accents and capitals do not matter.</p>`
      }
      ${message && html`<${Opened} key=${message} messageId=${message} onClose=${() => change({ message: "" })} />`}
    </div>
  </div></div>`;
}
