import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { MOST_OFFERED, findByName } from "../../models/thing_names.js";
import { KINDS } from "../../state/campaign/campaign_kinds.js";
import { useFetched, useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { useOwnId } from "../use_own_id.js";
import { Icon } from "../icon.js";
import { campaign as campaignWords } from "../../words/en/campaign.js";

/** @typedef {import("../../models/thing_names.js").Thing} Thing */

/**
 * One thing of the campaign, whatever its kind, chosen by typing a part of its name.
 *
 * @param {{ campaignId: string, choices: import("./field_editor.js").Choices, offers: string[], but: string,
 *   value: Thing | null, onChange: (value: Thing | null) => void, label: string, hint: string, found: string }} props
 *   `offers`: the kinds to choose from; `but`: the id of what cannot be chosen; `found`: what the list is called
 */
export function ThingPicker({ campaignId, choices, offers, but, value, onChange, label, hint, found }) {
  const id = useOwnId();
  const [query, setQuery] = useState(value?.[2] ?? "");
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const named = useNamed(campaignId, choices.isWhole ? "" : query);
  const near = findByName(choices.things, query);
  const seen = new Set(near.map(([, each]) => each));
  const offered = [...near, ...named.filter(([, each]) => !seen.has(each))]
    .filter(([kind, each]) => each !== but && offers.includes(kind))
    .slice(0, MOST_OFFERED);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const type = (/** @type {any} */ event) => {
    setQuery(event.currentTarget.value);
    setOpen(true);
    setAt(0);
    if (value) onChange(null);
  };
  const choose = (/** @type {Thing | undefined} */ thing) => {
    if (!thing) return;
    setQuery(thing[2]);
    setOpen(false);
    onChange(thing);
  };
  /** What is chosen is typed over. */
  const focus = (/** @type {any} */ event) => {
    setOpen(value === null);
    if (value) event.currentTarget.select();
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[keyOf(event)];
    if (step && !isOpen) setOpen(true);
    else if (step) setAt((now) => (now + step + offered.length) % Math.max(1, offered.length));
    else if (!isOpen) return;
    else if (keyOf(event) === "Enter") choose(offered[at]);
    else if (keyOf(event) === "Escape") setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="field-group picker"><label for=${id}>${label}</label>
    <input id=${id} class="field" type="text" role="combobox" autocomplete="off" placeholder=${hint} value=${query}
      aria-autocomplete="list" aria-expanded=${isOpen ? "true" : "false"} aria-controls=${`${id}-list`}
      aria-activedescendant=${isOpen && offered[at] ? `${id}-${at}` : undefined}
      onInput=${type} onKeyDown=${key} onFocus=${focus} onBlur=${() => setOpen(false)} />
    <ul class="picker__list" id=${`${id}-list`} role="listbox" aria-label=${found} ref=${list} hidden=${!isOpen || offered.length === 0}>
      ${offered.map(
        (thing, index) => html`<li key=${thing[1]} id=${`${id}-${index}`} role="option" class="palette__item"
          aria-selected=${index === at ? "true" : "false"} onMouseMove=${() => setAt(index)}
          onMouseDown=${(/** @type {Event} */ event) => event.preventDefault()} onClick=${() => choose(thing)}>
          <${Icon} name=${KINDS[thing[0]].icon} /><span class="palette__label">${thing[2]}</span>
          <span class="palette__hint">${KINDS[thing[0]].title}</span></li>`,
      )}
    </ul>
    <p class="picker__list picker__none" role="status" hidden=${!isOpen || offered.length > 0}>${isOpen && offered.length === 0 && campaignWords.noMatches}</p>
  </div>`;
}

/** What a campaign with very many things has by this name. @param {string} campaignId @param {string} query @returns {Thing[]} */
function useNamed(campaignId, query) {
  const { api } = useApp();
  const asked = useSettled(query.trim());
  const { value } = useFetched(
    async (signal) => {
      if (asked === "") return [];
      const at = `/api/names?limit=50&near=${campaignId}&q=${encodeURIComponent(asked)}`;
      const { named } = await api.get(at, { signal });
      return named
        .filter((/** @type {any} */ each) => each.campaign_id === campaignId)
        .map((/** @type {any} */ each) => /** @type {Thing} */ ([each.kind, each.id, each.name]));
    },
    [campaignId, asked],
  );
  return value ?? [];
}
