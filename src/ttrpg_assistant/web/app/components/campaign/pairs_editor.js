import { useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { faultsOf, newRow, objectOf, readGroup, rowsOf } from "../../models/pair_rows.js";
import { Icon, IconButton } from "../icon.js";
import { Add } from "./row_editors.js";
import { campaign as t } from "../../words/en/campaign.js";
import { controls } from "../../words/en/controls.js";

/**
 * Names and values: world state, house rules. A value is a text, a number, yes or no, a list of
 * lines, or a group of further names and values. Whatever else JSON can hold is reached "as JSON".
 *
 * What cannot be stored keeps the form from being saved, by the browser's own validation, and the
 * reason is shown beside it; nothing that was typed is lost.
 *
 * @typedef {import("../../models/pair_rows.js").PairRow} PairRow
 * @typedef {import("../../models/pair_rows.js").Typed} Typed
 *
 * @param {{ value: Record<string, any>, onChange: (value: any, typed?: Typed) => void, label: string, typed?: Typed }} props
 *   `typed`: what could not be stored when it was left, to go on with; given with each change while there is any
 */
export function PairsEditor({ value, onChange, label, typed }) {
  const [rows, setRows] = useState(() => typed?.rows ?? rowsOf(value));
  const [json, setJson] = useState(typed?.json ?? null);
  /** Faults of rows are said once the form was held back by them: a name half typed is no fault. */
  const [showFaults, setShowFaults] = useState(typed !== undefined);
  const box = useRef(/** @type {HTMLElement | null} */ (null));

  const faults = faultsOf(rows);
  const wrong = json === null ? "" : whyNotRead(json);
  const show = (/** @type {PairRow[]} */ next) => {
    setRows(next);
    const isWhole = faultsOf(next).size === 0;
    if (isWhole) setShowFaults(false);
    onChange(objectOf(next), isWhole ? undefined : { rows: next });
  };
  const asJson = () => (faults.size > 0 ? setShowFaults(true) : setJson(JSON.stringify(objectOf(rows), null, 2)));
  const asRows = () => setJson(null);
  const typeJson = (/** @type {string} */ text) => {
    setJson(text);
    if (whyNotRead(text)) return onChange(objectOf(rows), { json: text });
    const read = readGroup(text);
    setRows(rowsOf(read));
    onChange(read);
  };
  const restore = () => {
    asJson();
    onChange(objectOf(rows));
  };
  const held = (/** @type {Event} */ event) => {
    event.preventDefault();
    setShowFaults(true);
    if (!box.current?.contains(document.activeElement) || !document.activeElement?.matches(":invalid")) {
      /** @type {HTMLElement} */ (event.target).focus();
    }
  };

  if (json !== null) {
    return html`<div class="rows" ref=${box} onInvalidCapture=${held}>
      <textarea class="field field--prose mono" rows="8" spellcheck=${false} aria-label=${t.jsonOf(label)} aria-invalid=${wrong ? "true" : "false"}
        value=${json} ref=${(/** @type {any} */ each) => each?.setCustomValidity(wrong)} onInput=${(/** @type {any} */ event) => typeJson(event.currentTarget.value)}></textarea>
      ${wrong && html`<${Fault} words=${wrong} />`}
      <div class="rows__adds">
        <button type="button" class="link-button rows__add" disabled=${wrong !== ""} onClick=${asRows}><${Icon} name="list" /> ${t.editAsRows}</button>
        ${wrong && html`<button type="button" class="link-button rows__add" onClick=${restore}><${Icon} name="undo-2" /> ${t.restoreJson}</button>`}
      </div>
    </div>`;
  }
  return html`<div ref=${box} onInvalidCapture=${held}>
    <${Rows} rows=${rows} onRows=${show} faults=${faults} showFaults=${showFaults} depth=${0}
      end=${html`<button type="button" class="link-button rows__add rows__json" onClick=${asJson}>${t.editAsJson}</button>`} />
  </div>`;
}

/**
 * @param {{ rows: PairRow[], onRows: (rows: PairRow[]) => void, faults: Map<string, string>, showFaults: boolean, depth: number, end?: any }} props
 */
function Rows({ rows, onRows, faults, showFaults, depth, end }) {
  const put = (/** @type {PairRow} */ row) => onRows(rows.map((each) => (each.id === row.id ? row : each)));
  const add = (/** @type {any} */ value) => () => onRows([...rows, newRow("", value)]);
  return html`<div class="rows">
    ${rows.flatMap((row, at) => {
      const fault = faults.get(row.id) ?? "";
      return [
        html`<div class="rows__row rows__row--pair" key=${row.id}>
          <input class="field" type="text" aria-label=${t.row(at + 1)} placeholder=${controls.name} value=${row.name} aria-invalid=${showFaults && fault ? "true" : undefined}
            ref=${(/** @type {any} */ each) => each?.setCustomValidity(fault)} onInput=${(/** @type {any} */ event) => put({ ...row, name: event.currentTarget.value })} />
          ${
            row.rows
              ? html`<div class="rows__group"><${Rows} rows=${row.rows} onRows=${(/** @type {PairRow[]} */ next) => put({ ...row, rows: next })} faults=${faults} showFaults=${showFaults} depth=${depth + 1} /></div>`
              : html`<${PairValue} value=${row.value} name=${row.name || `${at + 1}`} onChange=${(/** @type {any} */ value) => put({ ...row, value })} />`
          }
          <${IconButton} icon="x" label=${t.remove(row.name || `${at + 1}`)} onClick=${() => onRows(rows.filter(({ id }) => id !== row.id))} />
        </div>`,
        showFaults && fault && html`<${Fault} key=${`${row.id} fault`} words=${fault} />`,
      ];
    })}
    <div class="rows__adds">
      <${Add} words=${t.addText} onAdd=${add("")} />
      <${Add} words=${t.addList} onAdd=${add([""])} />
      ${depth < 3 && html`<${Add} words=${t.addGroup} onAdd=${add({})} />`}
      ${end}
    </div>
  </div>`;
}

/** @param {{ words: string }} props */
function Fault({ words }) {
  return html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${words}</p>`;
}

/** @param {{ value: any, name: string, onChange: (value: any) => void }} props */
function PairValue({ value, name, onChange }) {
  // A number stays one when it is cleared to write another.
  const { current: wasNumber } = useRef(typeof value === "number");
  const typed = (/** @type {any} */ event) => event.currentTarget.value;
  if (typeof value === "boolean") {
    return html`<label class="check"><input type="checkbox" checked=${value} aria-label=${name}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} /> ${value ? controls.yes : controls.no}</label>`;
  }
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return html`<textarea class="field field--prose" rows="2" aria-label=${t.onePerLineOf(name)} placeholder=${t.onePerLine}
      value=${value.join("\n")} onInput=${(/** @type {any} */ event) => onChange(typed(event).split("\n"))}></textarea>`;
  }
  if (Array.isArray(value)) return html`<code class="mono">${JSON.stringify(value)}</code>`;
  return html`<textarea class="field field--prose" rows="1" aria-label=${t.valueNamed(name)} placeholder=${t.value} value=${String(value ?? "")}
    onInput=${(/** @type {any} */ event) => onChange(wasNumber && String(Number(typed(event))) === typed(event) ? Number(typed(event)) : typed(event))}></textarea>`;
}

/** Why a text cannot be taken over; empty when it can. @param {string} text */
function whyNotRead(text) {
  try {
    readGroup(text);
    return "";
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return t.invalidJson(error.message);
  }
}
