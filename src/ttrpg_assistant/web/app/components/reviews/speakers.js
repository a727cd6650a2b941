import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { KINDS, apiOfAll, listedOn, nameOf } from "../../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched } from "../../state/fetched.js";
import { attempt, toast } from "../../state/notices.js";
import { reviews as t } from "../../words/en/reviews.js";

/** Which kind of thing a role stands for. @type {Record<string, string>} */
const KIND_OF = { player: "character", npc: "npc" };

/**
 * Whom each label of the transcript stands for: guessed, and corrected here.
 *
 * @typedef {import("../../models/reviews.js").Speaker} Speaker
 *
 * @param {{ review: import("../../models/reviews.js").Review, onChanged: (review: import("../../models/reviews.js").Review) => void }} props
 */
export function Speakers({ review, onChanged }) {
  const { api } = useApp();
  const of = review.campaign_id;
  const [changed, setChanged] = useState(/** @type {Record<string, Partial<Speaker>>} */ ({}));
  const [busy, setBusy] = useState(false);
  const { value } = useFetched(
    async (signal) => {
      const lists = Object.values(KIND_OF).map(async (name) => {
        const kind = KINDS[name];
        const page = await api.get(`${apiOfAll(kind, of)}?limit=200`, { signal });
        return [name, listedOn(kind, page).map((each) => [each.id, nameOf(kind, each)])];
      });
      return Object.fromEntries(await Promise.all(lists));
    },
    [of],
    ofCampaign(of),
  );
  const set = (/** @type {string} */ label, /** @type {Partial<Speaker>} */ change) =>
    setChanged((before) => ({ ...before, [label]: { ...before[label], ...change } }));
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    await attempt(async () => {
      const speakers = review.speakers
        .filter(({ label }) => changed[label])
        .map((one) => ({ ...one, ...changed[one.label] }))
        .map(({ label, role, thing_id }) => ({ label, role, thing_id }));
      onChanged(await api.put(`/api/transcript-reviews/${review.id}/speakers`, { speakers }));
      setChanged({});
      if (review.status !== "ready") toast(t.speakersSaved);
    });
    setBusy(false);
  };
  return html`<details class="import__card review__speakers" open=${review.status === "ready"}>
    <summary>${t.speakers}</summary>
    <form class="import__speakers" onSubmit=${save}>
      <p class="quiet">${t.speakersGuessed}</p>
      <ul>${review.speakers.map((told) => {
        const one = { ...told, ...changed[told.label] };
        const called = one.label || t.unnamed;
        const things = value?.[KIND_OF[one.role]];
        return html`<li key=${one.label} class="review__speaker"><span class="import__speaker">${called} <span class="quiet">${t.lines(one.lines)}</span></span>
          <select class="field" aria-label=${t.roleOf(called)} value=${one.role}
            onChange=${(/** @type {any} */ event) => set(one.label, { role: event.currentTarget.value, thing_id: null })}>
            ${Object.entries(t.roles).map(([role, words]) => html`<option key=${role} value=${role}>${words}</option>`)}</select>
          ${
            things &&
            html`<select class="field" aria-label=${t.thingOf(called)} value=${one.thing_id ?? ""}
            onChange=${(/** @type {any} */ event) => set(one.label, { thing_id: event.currentTarget.value || null })}>
            <option value="">${one.role === "npc" ? t.noNpc : t.noCharacter}</option>
            ${things.map((/** @type {[string, string]} */ [id, name]) => html`<option key=${id} value=${id}>${name}</option>`)}</select>`
          }</li>`;
      })}</ul>
      <div class="button-row"><button type="submit" class="button" disabled=${busy || Object.keys(changed).length === 0}>${t.saveSpeakers}</button></div>
    </form>
  </details>`;
}
