import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { newId } from "../../identity.js";
import { isFree, registerKeys } from "../../keys.js";
import { sentences } from "../../models/sentences.js";
import { makeOne } from "../../state/campaign/campaign_actions.js";
import { pathOf } from "../../state/campaign/campaign_kinds.js";
import { announce } from "../../state/notices.js";
import { useApp } from "../../state/app.js";
import { useOwnId } from "../use_own_id.js";
import { Icon } from "../icon.js";
import { quickAdd as t } from "../../words/en/quick_add.js";

/**
 * New things by their names alone: Enter adds one, and the field is ready for the next while it is
 * saved. They are saved one after another, so that they keep their order.
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, campaignId: string }} props
 */
export function QuickAdd({ kind, campaignId }) {
  const app = useApp();
  const id = useOwnId();
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState("");
  const [made, setMade] = useState(/** @type {any[]} */ ([]));
  const before = useRef(Promise.resolve());

  useLayoutEffect(
    () =>
      registerKeys({
        keys: "n",
        what: t.key,
        when: (event) => isFree(event, "n"),
        run: () => field.current?.focus(),
      }),
    [],
  );
  const save = async (/** @type {string} */ called, /** @type {string} */ fresh) => {
    try {
      const one = await makeOne(app, kind, campaignId, { [kind.named]: called }, fresh);
      announce(t.added(called));
      setMade((all) => [...all, one]);
    } catch (error) {
      const fault = /** @type {import("../../faults.js").ApiFault} */ (error);
      if (!fault.detail) throw error;
      setWrong(sentences(fault.detail, fault.cure));
      // What was not saved is there to be sent again, unless the next one is being typed.
      setName((typed) => typed || called);
    }
  };
  const add = (/** @type {Event} */ event) => {
    event.preventDefault();
    const called = name.trim();
    if (called === "") return;
    setName("");
    setWrong("");
    before.current = before.current.then(() => save(called, newId()));
  };
  const last = made.at(-1);
  const lastName = last?.[kind.named];
  return html`<form class="quick-add" onSubmit=${add}>
    <div class="one-line"><label class="sr-only" for=${id}>${t.label(kind.one)}</label>
      <input class="field" id=${id} ref=${field} type="text" maxlength="200" autocomplete="off" placeholder=${t.hint(kind.noun)} value=${name}
        onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} />
      <button type="submit" class="button"><${Icon} name="plus" /> ${t.add}</button></div>
    ${wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`}
    ${last && !wrong && html`<p class="quiet">${made.length === 1 ? t.added(lastName) : t.addedMany(made.length, lastName)} <a href=${pathOf(kind, last)}>${t.open(lastName)}</a></p>`}
  </form>`;
}
