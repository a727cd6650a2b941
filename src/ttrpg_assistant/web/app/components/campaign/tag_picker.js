import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf, withCommand } from "../../keys.js";
import { useFetched, useSettled } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { IconButton } from "../icon.js";
import { useOwnId } from "../use_own_id.js";
import { bulkEdit as t } from "../../words/en/bulk_edit.js";
import { controls } from "../../words/en/controls.js";

/** Tags that are offered while one is typed. */
const OFFERED = 20;

/**
 * Tags, typed one after another; those the campaign has are offered.
 * @param {{ campaignId: string, value: string[], onChange: (tags: string[]) => void }} props
 */
export function TagPicker({ campaignId, value, onChange }) {
  const { api } = useApp();
  const id = useOwnId();
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim());
  const { value: known } = useFetched(
    async (signal) => {
      const at = `/api/campaigns/${campaignId}/tags?limit=${OFFERED}&search=${encodeURIComponent(search)}`;
      return (await api.get(at, { signal })).tags;
    },
    [campaignId, search],
  );
  const add = () => {
    const tags = typed
      .split(",")
      .map((each) => each.trim())
      .filter(Boolean);
    if (tags.length > 0) onChange([...new Set([...value, ...tags])]);
    setTyped("");
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const pressed = keyOf(event);
    // With nothing typed Enter is meant for the form.
    if ((pressed !== "Enter" && pressed !== ",") || withCommand(event) || typed.trim() === "") return;
    event.preventDefault();
    add();
  };
  return html`<div class="field-group"><label for=${id}>${t.addTags}</label>
    ${
      value.length > 0 &&
      html`<ul class="value-chips">${value.map(
        (tag) => html`<li class="chip chip--open" key=${tag}>${tag}
          <${IconButton} icon="x" label=${t.noTag(tag)} onClick=${() => onChange(value.filter((each) => each !== tag))} /></li>`,
      )}</ul>`
    }
    <div class="field-row"><input id=${id} class="field" type="text" maxlength="200" autocomplete="off" autofocus list=${`${id}-known`}
      placeholder=${t.addTagHint} value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)}
      onKeyDown=${key} onBlur=${add} />
      <button type="button" class="button button--small" disabled=${typed.trim() === ""} onClick=${add}>${controls.add}</button></div>
    <datalist id=${`${id}-known`}>${known
      ?.filter((/** @type {any} */ each) => !value.includes(each.tag))
      .map(
        (/** @type {any} */ each) =>
          html`<option key=${each.tag} value=${each.tag}>${t.withCount(each.tag, each.count)}</option>`,
      )}</datalist>
  </div>`;
}
