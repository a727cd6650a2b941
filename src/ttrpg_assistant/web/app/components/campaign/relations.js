import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { knowersOf, relationSeenFrom, relationWords } from "../../models/relation_words.js";
import { FIELDS } from "../../models/relation_edit.js";
import { offerUndo } from "../../state/campaign/campaign_actions.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { Icon, IconButton } from "../icon.js";
import { calledNow, knownNames, useChoices } from "./choices.js";
import { GmOnlySign } from "./gm_only.js";
import { LoadFailed } from "./load_failed.js";
import { RelationForm } from "./relation_form.js";
import { controls } from "../../words/en/controls.js";
import { relations as t } from "../../words/en/relations.js";

/** How many are listed at once, and with each "show more". */
const FIRST = 50;
const MORE = 450;

/** Who may know a relation: the names of these are looked up. */
const KNOWERS = { name: "relation_audience", fields: FIELDS };

const NEW = "new";

/**
 * What a thing has to do with others: each relation in words, from this end.
 *
 * @typedef {import("../../models/relation_words.js").Relation} Relation
 *
 * @param {{ campaignId: string, kind: string, id: string, name: string }} props
 */
export function Relations({ campaignId, kind, id, name }) {
  const app = useApp();
  const section = useRef(/** @type {HTMLElement | null} */ (null));
  const [limit, setLimit] = useState(FIRST);
  const [editing, setEditing] = useState(/** @type {Relation | typeof NEW | null} */ (null));
  /** Which button opened the form that was closed: there the focus goes back. */
  const opener = useRef("");
  const { value, fault, pull } = useFetched(
    (signal) =>
      listRelations(app.api, `/api/campaigns/${campaignId}/relations?thing_kind=${kind}&thing_id=${id}`, limit, signal),
    [campaignId, kind, id, limit],
    ofCampaign(campaignId),
  );
  const last = useRef(/** @type {any} */ (null));
  last.current = value ?? last.current;
  /** @type {Relation[] | undefined} */
  const all = last.current?.relations;
  const isNamed = all?.some(({ audience }) => audience === "some") ?? false;
  const known = knownNames(useChoices(isNamed ? campaignId : null, /** @type {any} */ (KNOWERS)));

  useLayoutEffect(() => {
    if (editing !== null || opener.current === "") return;
    const found = section.current?.querySelector(
      `[data-opens="${opener.current}"] button, button[data-opens="${opener.current}"]`,
    );
    /** @type {HTMLElement | null | undefined} */ (found)?.focus();
    opener.current = "";
  }, [editing]);
  const close = () => {
    opener.current = editing === null || editing === NEW ? NEW : editing.id;
    setEditing(null);
  };
  const remove = (/** @type {Relation} */ relation) =>
    attempt(async () => {
      const { removal_id: removal } = await app.api.delete(`/api/relations/${relation.id}`);
      offerUndo(app, t.isRemoved(relationWords(relationSeenFrom(relation, id))), removal);
      /** @type {HTMLElement | null | undefined} */ (section.current?.querySelector(`[data-opens="${NEW}"]`))?.focus();
      await pull();
    });
  const formFor = (/** @type {Relation | null} */ relation) => {
    const title = relation ? t.edit(relationWords(relationSeenFrom(relation, id))) : t.form;
    return html`<${RelationForm} key=${relation?.id ?? NEW} campaignId=${campaignId} thing=${[kind, id, name]} title=${title} relation=${relation} onClose=${close} onSaved=${pull} />`;
  };
  const edited = editing === NEW ? null : editing;
  return html`<section class="relations" aria-label=${t.title} ref=${section}>
    <div class="relations__head"><h2>${t.title}</h2>
      ${all && all.length > 0 && html`<a href=${`/campaigns/${campaignId}?part=relations&thing=${id}`}>${t.showInPicture}</a>`}</div>
    ${fault && !all && html`<${LoadFailed} fault=${fault} onRetry=${pull} />`}
    ${!fault && !all?.length && html`<p class=${all ? "quiet" : "quiet relations__later"}>${t.empty}</p>`}
    <ul class="facts-list" hidden=${!all?.length}>
      ${all?.map(
        (relation) => html`<li key=${relation.id} class=${`fact ${relation.audience === "gm" ? "fact--secret" : ""}`}>
          ${
            edited?.id === relation.id
              ? formFor(edited)
              : html`<${Line} relation=${relation} thingId=${id} known=${known} onEdit=${() => setEditing(relation)} onRemove=${() => remove(relation)} />`
          }</li>`,
      )}
    </ul>
    ${last.current?.has_more && html`<button type="button" class="link-button" onClick=${() => setLimit(limit + MORE)}>${controls.showMore}</button>`}
    ${edited && all && !all.some((each) => each.id === edited.id) && formFor(edited)}
    ${
      editing === NEW
        ? formFor(null)
        : html`<button type="button" class="link-button rows__add" data-opens=${NEW} onClick=${() => setEditing(NEW)}><${Icon} name="plus" /> ${t.add}</button>`
    }
  </section>`;
}

/** So many are in one answer. */
const PAGE = 500;

/**
 * The newest of them, so many, page by page.
 * @param {import("../../api.js").Api} api @param {string} at @param {number} limit @param {AbortSignal} signal
 * @returns {Promise<{ relations: Relation[], has_more: boolean }>}
 */
async function listRelations(api, at, limit, signal) {
  /** @type {Relation[]} */
  const all = [];
  let after = "";
  for (;;) {
    const page = await api.get(`${at}&limit=${Math.min(PAGE, limit - all.length)}${after}`, { signal });
    all.push(...page.relations);
    if (!page.has_more || all.length >= limit) return { relations: all, has_more: page.has_more };
    after = `&after=${page.next_cursor}`;
  }
}

/**
 * @param {{ relation: Relation, thingId: string, known: import("./choices.js").Known, onEdit: () => void, onRemove: () => void }} props
 */
function Line({ relation, thingId, known, onEdit, onRemove }) {
  const shown = relationSeenFrom(relation, thingId);
  const said = relationWords(shown);
  const knowers = knowersOf(relation, (id) => calledNow(id, known));
  return html`<div class="fact__main">
      <p class="fact__text">${shown.isTo ? t.to : t.from} ${shown.link ? html`<a href=${shown.link}>${shown.name}</a>` : shown.name}${shown.label && html`: ${shown.label}`}</p>
      <p class="fact__who">
        ${shown.attitude && html`<span class="chip">${t.attitudeIs(shown.attitude)}</span>`}
        ${relation.audience === "gm" && html`<${GmOnlySign} />`}
        ${relation.audience === "some" && knowers.length === 0 && html`<span class="quiet">${t.nobodyNamed}</span>`}
        ${knowers.map(({ icon, words }) => html`<span class="chip chip--known"><${Icon} name=${icon} /> ${words}</span>`)}
      </p>
      ${relation.note && html`<p class="relation__note"><${GmOnlySign} /> ${relation.note}</p>`}
    </div>
    <div class="card__tools" data-opens=${relation.id}>
      <${IconButton} icon="pencil" label=${t.edit(said)} onClick=${onEdit} />
      <${IconButton} icon="trash-2" label=${t.remove(said)} onClick=${onRemove} />
    </div>`;
}
