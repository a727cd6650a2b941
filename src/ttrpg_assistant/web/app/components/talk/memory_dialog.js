import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { groupByListener, sizeOf, sourceOf, warningOf, whenOf } from "../../models/memory_words.js";
import {
  askedMemory,
  chooseWholeHistory,
  openMessage,
  remakeAll,
  remakeSummary,
  writeSummary,
} from "../../state/talk/memory.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { Dialog, ask } from "../dialog.js";
import { IconButton } from "../icon.js";
import { keyOf } from "../../keys.js";
import { memory } from "../../words/en/memory.js";
import { controls } from "../../words/en/controls.js";

/** @typedef {import("../../state/talk/memory.js").Summary} Summary @typedef {import("../../state/talk/memory.js").Remembered} Remembered */

/** What a conversation remembers of the talk that no longer fits into what the model reads. */
export default function MemoryDialog() {
  const app = useApp();
  const id = /** @type {string} */ (askedMemory.value);
  const path = `/api/conversations/${id}/summaries`;
  const wants = (/** @type {import("../../live.js").Hint} */ hint) =>
    hint.event === "summaries" || (hint.event === "conversation" && hint.id === id);
  const { value, fault, pull } = useFetched(
    (signal) => /** @type {Promise<Remembered>} */ (app.api.get(path, { signal })),
    [id],
    wants,
  );
  const [whole, setWhole] = useState(/** @type {boolean | null} */ (null)); // chosen, and on its way
  const close = () => (askedMemory.value = null);
  const all = () =>
    ask({
      title: memory.askRemakeAll,
      text: memory.remakeAllText(value?.summaries.length ?? 0),
      yes: memory.remakeAll,
      run: () => attempt(() => remakeAll(app, id)),
    });
  const choose = (/** @type {any} */ event) => {
    const chosen = event.currentTarget.checked;
    setWhole(chosen);
    attempt(async () => {
      await chooseWholeHistory(app, id, chosen);
      await pull();
    }).finally(() => setWhole(null));
  };
  return html`<${Dialog} title=${memory.title} kind="sheet" onClose=${close}>
    ${fault && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
    ${
      value &&
      html`<div class="memory">
      <p class="quiet">${memory.intro}</p>
      <label class="memory__whole"><input type="checkbox" checked=${whole ?? value.whole_history} onChange=${choose} />
        <span>${memory.whole} <span class="quiet">${memory.wholeNote}</span></span></label>
      ${value.is_at_work && html`<p class="quiet" role="status">${memory.atWork}</p>`}
      ${value.summaries.length === 0 && !value.is_at_work && html`<p>${memory.none}</p>`}
      ${groupByListener(value.summaries, value.names).map(
        (group) => html`<section key=${group.key} class="memory__group">
        ${group.title && html`<h3>${group.title}</h3>`}
        ${group.note && html`<p class="quiet">${group.note}</p>`}
        <${List} summaries=${group.summaries} />
      </section>`,
      )}
      ${
        value.elsewhere.length > 0 &&
        html`<section class="memory__group">
        <h3>${memory.elsewhere}</h3>
        <p class="quiet">${memory.elsewhereNote}</p>
        <${List} summaries=${value.elsewhere} />
      </section>`
      }
      ${value.summaries.length > 0 && html`<button type="button" class="button button--small memory__all" onClick=${all}>${memory.remakeAll}</button>`}
    </div>`
    }
  </${Dialog}>`;
}

/** @param {{ summaries: Summary[] }} props */
function List({ summaries }) {
  return html`<ol class="memory__list">${summaries.map((each) => html`<li key=${each.id}><${One} summary=${each} /></li>`)}</ol>`;
}

/** @param {{ summary: Summary }} props */
function One({ summary }) {
  const app = useApp();
  const [editing, setEditing] = useState(false);
  const [open, setOpen] = useState(false);
  const [dropped, setDropped] = useState(/** @type {string | null} */ (null));
  const write = (/** @type {string | null} */ text) =>
    attempt(async () => {
      await writeSummary(app, summary, text);
      setDropped(text === null ? summary.own_text : null);
    });
  const warning = warningOf(summary);
  const show = () =>
    attempt(async () => {
      await openMessage(app, summary.first_message_id);
      askedMemory.value = null;
    });
  return html`<article class="memory__one" aria-label=${`${whenOf(summary, new Date())}, ${sizeOf(summary)}`}>
    <header class="memory__head">
      <p><b>${whenOf(summary, new Date())}</b> <span class="quiet">${sizeOf(summary)}, ${sourceOf(summary)}</span></p>
      <div class="memory__tools">
        <${IconButton} icon="pencil" label=${memory.edit} onClick=${() => setEditing(true)} />
        ${
          summary.own_text === null
            ? html`<${IconButton} icon="refresh-cw" label=${memory.remake} onClick=${() => attempt(() => remakeSummary(app, summary))} />`
            : html`<${IconButton} icon="undo-2" label=${memory.backToAutomatic} onClick=${() => write(null)} />`
        }
        <${IconButton} icon="message-square" label=${memory.showFirst} onClick=${show} />
      </div>
    </header>
    ${
      editing
        ? html`<${Editor} summary=${summary} onDone=${() => setEditing(false)} />`
        : html`<div class="memory__text">${summary.text.split("\n").map((line) => html`<p>${line}</p>`)}</div>`
    }
    ${dropped !== null && summary.own_text === null && html`<p class="quiet">${memory.yoursRemoved} <button type="button" class="link-button" onClick=${() => write(dropped)}>${controls.undo}</button></p>`}
    ${warning && html`<p class="memory__warning">${warning}</p>`}
    ${
      summary.level > 1 &&
      html`<details class="more" onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
      <summary>${memory.details}</summary>${open && html`<${Parts} summary=${summary} />`}</details>`
    }
  </article>`;
}

/** @param {{ summary: Summary }} props */
function Parts({ summary }) {
  const { api } = useApp();
  const { value, fault } = useFetched(
    (signal) => api.get(`/api/summaries/${summary.id}/parts`, { signal }),
    [summary.id],
    (hint) => hint.event === "summaries",
  );
  if (fault) return html`<p role="alert">${fault.detail}</p>`;
  return value && html`<${List} summaries=${value.summaries} />`;
}

/** @param {{ summary: Summary, onDone: () => void }} props */
function Editor({ summary, onDone }) {
  const app = useApp();
  const [text, setText] = useState(summary.text);
  const keep = (/** @type {Event} */ event) => {
    event.preventDefault();
    attempt(async () => {
      if (text.trim() !== summary.text) await writeSummary(app, summary, text.trim());
      onDone();
    });
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (keyOf(event) !== "Escape") return;
    event.preventDefault(); // the sheet stays open
    event.stopPropagation();
    onDone();
  };
  return html`<form class="memory__editor" onSubmit=${keep} onKeyDown=${key}>
    <textarea class="field" rows="7" maxlength="8000" aria-label=${memory.label} value=${text} autofocus
      onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea>
    <div class="button-row button-row--end">
      <button type="button" class="button button--small" onClick=${onDone}>${controls.cancel}</button>
      <button type="submit" class="button button--small button--accent" disabled=${!text.trim()}>${controls.save}</button>
    </div>
  </form>`;
}
