import { useEffect, useState } from "preact/hooks";
import { useOwnId } from "../use_own_id.js";
import { html } from "../../html.js";
import { toldApart } from "../../models/proposals.js";
import { KINDS, apiOfAll, listedOn, nameOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { proposals as t } from "../../words/en/proposals.js";

/**
 * For a proposal that could not say what it is about: which campaign, or which thing of it; or
 * what the new one is called.
 *
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 *
 * @param {{ suggestion: Suggestion, busy: boolean, onChosen: (how: Record<string, unknown>) => void }} props
 */
export function TargetChoice({ suggestion, busy, onChosen }) {
  const { api } = useApp();
  const id = useOwnId();
  const [things, setThings] = useState(/** @type {[string, string][] | null} */ (null));
  const [chosen, setChosen] = useState("");
  const [name, setName] = useState("");
  const asksCampaign = suggestion.campaign_id === null;
  const kind = KINDS[asksCampaign ? "campaign" : suggestion.target_kind];

  useEffect(() => {
    if (!kind) return;
    attempt(async () => {
      const page = await api.get(`${apiOfAll(kind, suggestion.campaign_id)}?limit=200`);
      setThings(listedOn(kind, page).map((each) => [each.id, toldApart(nameOf(kind, each), each)]));
    });
  }, [kind, suggestion.campaign_id]);

  if (!kind) return null;
  const accept = () => onChosen(asksCampaign ? { campaign_id: chosen } : { target_id: chosen });
  /** A thing is made anew by giving it a name. */
  const nameField = kind.isThing ? kind.named : undefined;
  const make = (/** @type {Event} */ event) => {
    event.preventDefault();
    onChosen({ edits: { [/** @type {string} */ (nameField)]: name.trim() } });
  };
  return html`<div class="proposal__target">
    <label for=${id}>${t.whichIsMeant(kind.noun)}</label>
    <div class="field-row">
      <select id=${id} class="field" value=${chosen} onChange=${(/** @type {any} */ event) => setChosen(event.currentTarget.value)}>
        <option value="">${t.choose}</option>
        ${things?.map(([each, called]) => html`<option value=${each}>${called}</option>`)}
      </select>
      <button type="button" class="button button--small button--proposed" disabled=${busy || chosen === ""} onClick=${accept}>${t.accept}</button>
    </div>
    ${things?.length === 0 && html`<p class="quiet">${t.noneYet}</p>`}
    ${
      nameField &&
      html`<form class="proposal__new-name" onSubmit=${make}>
      <label for=${`${id}-new`}>${t.orNew}</label>
      <div class="field-row">
        <input id=${`${id}-new`} class="field" type="text" maxlength="200" value=${name}
          onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} />
        <button type="submit" class="button button--small button--proposed" disabled=${busy || name.trim() === ""}>${t.make}</button>
      </div>
    </form>`
    }
  </div>`;
}
