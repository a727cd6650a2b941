import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { fieldOf, plain } from "../../models/proposals.js";
import { useDesk } from "../../state/desk.js";
import { FieldEditor } from "../campaign/field_editor.js";

/**
 * A proposal in the person's own words before it is accepted.
 *
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 *
 * @param {{ suggestion: Suggestion, onDone: () => void }} props
 */
export function EditForm({ suggestion, onDone }) {
  const { proposals } = useDesk();
  const [values, setValues] = useState(() => ({ ...suggestion.fields }));
  const [busy, setBusy] = useState(false);

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const edits = Object.fromEntries(
      Object.entries(values)
        .map(([name, value]) => [name, tidy(value)])
        .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(suggestion.fields[/** @type {string} */ (name)])),
    );
    setBusy(true);
    const done = await proposals.accept(suggestion, { edits, seen_revision: suggestion.target_revision ?? undefined });
    setBusy(false);
    if (done) onDone();
  };
  return html`<form class="proposal__edit" onSubmit=${submit}>
    ${Object.keys(suggestion.fields).map((name, at) => {
      const set = (/** @type {any} */ value) => setValues((now) => ({ ...now, [name]: value }));
      const field = fieldOf(suggestion.target_kind, name);
      const text = typeof values[name] === "string" || field.as !== "prose";
      return html`<${FieldEditor} key=${name} field=${field} value=${text ? values[name] : plain(values[name])} onChange=${set}
        choices=${{ places: [], evenings: [], things: [] }} focus=${at === 0} />`;
    })}
    <div class="button-row"><button type="submit" class="button button--small button--proposed" disabled=${busy}>Accept as written</button>
      <button type="button" class="button button--small" onClick=${onDone}>Cancel</button></div>
  </form>`;
}

/** Without the empty lines that typing leaves. @param {any} value */
function tidy(value) {
  return Array.isArray(value) ? value.filter((each) => plain(each).trim() !== "") : value;
}
