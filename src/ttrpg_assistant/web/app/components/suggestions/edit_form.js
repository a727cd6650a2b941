import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { acceptanceOf, editRows, leavesWords, markOf, openEdit } from "../../models/proposal_edit.js";
import { fieldOf, plain } from "../../models/proposals.js";
import { useApp } from "../../state/app.js";
import { FieldEditor } from "../campaign/field_editor.js";
import { proposals as words } from "../../words/en/proposals.js";
import { Icon } from "../icon.js";

/**
 * A proposal in the person's own words before it is accepted. What was changed by hand since is
 * shown beside the words, and stays unless it is ticked.
 *
 * @typedef {import("../../models/proposals.js").Suggestion} Suggestion
 *
 * @param {{ suggestion: Suggestion, onDone: () => void }} props
 */
export function EditForm({ suggestion, onDone }) {
  const { proposals } = useApp();
  const [opened] = useState(() => openEdit(suggestion));
  const [values, setValues] = useState(() => ({ ...suggestion.fields }));
  const [ticked, setTicked] = useState(/** @type {Record<string, string>} */ ({}));
  const [busy, setBusy] = useState(false);
  const rows = editRows(opened, suggestion, values, ticked);
  const count = rows.filter((row) => row.taken).length;

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const done = await proposals.accept(suggestion, acceptanceOf(rows, suggestion, values));
    setBusy(false);
    // Words for what was left out are still wanted here.
    if (done && !leavesWords(rows, suggestion, values)) onDone();
  };
  return html`<form class="proposal__edit" onSubmit=${submit}>
    ${rows.map(({ field: name, now, disputed, taken }, at) => {
      const set = (/** @type {any} */ value) => setValues((before) => ({ ...before, [name]: value }));
      const tick = () => setTicked((before) => ({ ...before, [name]: taken ? "" : markOf(now) }));
      const field = fieldOf(suggestion.target_kind, name);
      const text = typeof values[name] === "string" || field.as !== "prose";
      return html`<div class=${disputed ? "proposal__disputed" : ""} key=${name}>
        <${FieldEditor} field=${field} value=${text ? values[name] : plain(values[name])} onChange=${set}
          choices=${{ things: [] }} focus=${at === 0} />
        ${
          disputed &&
          html`<p class="difference__mark">${words.now}</p><p class="difference__text difference__text--there">${plain(now) || words.nothing}</p>
          <label class="difference__pick"><input type="checkbox" checked=${taken} onChange=${tick} />
            <span>${words.putMine}<span class="sr-only">: ${field.label}</span></span></label>`
        }
      </div>`;
    })}
    ${
      rows.some((row) => row.disputed) &&
      html`<p class="proposal__conflict" role="status"><${Icon} name="triangle-alert" /> ${words.changedSince}</p>`
    }
    <div class="button-row"><button type="submit" class="button button--small button--proposed" disabled=${busy || count === 0}>
        ${count < rows.length && rows.length > 1 ? words.acceptSomeAsWritten(count, rows.length) : words.acceptAsWritten}</button>
      <button type="button" class="button button--small" onClick=${onDone}>${words.cancel}</button></div>
  </form>`;
}
