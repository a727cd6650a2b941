import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { Icon, IconButton } from "../icon.js";
import { Add } from "./row_editors.js";

/**
 * Names and values: world state, house rules. A value is a text, a number, yes or no, a list of
 * lines, or a group of further names and values. Whatever else JSON can hold is reached "as JSON".
 *
 * @param {{ value: Record<string, any>, onChange: (value: any) => void, label: string, depth?: number }} props
 */
export function PairsEditor({ value, onChange, label, depth = 0 }) {
  // Rows keep their order and may share a name while it is being typed; an object could not.
  const [rows, setRows] = useState(() => Object.entries(value));
  const [json, setJson] = useState(/** @type {string | null} */ (null));
  const [wrong, setWrong] = useState("");

  const show = (/** @type {[string, any][]} */ next) => {
    setRows(next);
    onChange(Object.fromEntries(next.filter(([name]) => name.trim() !== "")));
  };
  const put = (/** @type {number} */ at, /** @type {[string, any]} */ row) => show(rows.map((each, index) => (index === at ? row : each)));
  const asJson = () => {
    if (json === null) return setJson(JSON.stringify(value, null, 2));
    setRows(Object.entries(value));
    setJson(null);
    setWrong("");
  };
  const typeJson = (/** @type {any} */ event) => {
    const text = event.currentTarget.value;
    setJson(text);
    try {
      const read = JSON.parse(text);
      if (read === null || typeof read !== "object" || Array.isArray(read)) throw new SyntaxError("It has to be a group of names and values, in braces.");
      setWrong("");
      onChange(read);
    } catch (error) {
      setWrong(error instanceof SyntaxError ? `Not understood yet, so not taken over: ${error.message}` : String(error));
    }
  };

  if (json !== null) {
    return html`<div class="rows">
      <textarea class="field field--prose mono" rows="8" spellcheck=${false} aria-label=${`${label} as JSON`} aria-invalid=${wrong ? "true" : "false"}
        value=${json} onInput=${typeJson}></textarea>
      ${wrong && html`<p class="field-wrong" role="alert"><${Icon} name="triangle-alert" /> ${wrong}</p>`}
      <button type="button" class="link-button rows__add" onClick=${asJson}><${Icon} name="list" /> As rows</button>
    </div>`;
  }
  return html`<div class="rows">
    ${rows.map(
      ([name, each], at) => html`<div class="rows__row rows__row--pair" key=${at}>
        <input class="field" type="text" aria-label=${`Name ${at + 1}`} placeholder="Name" value=${name}
          onInput=${(/** @type {any} */ event) => put(at, [event.currentTarget.value, each])} />
        <${PairValue} value=${each} name=${name || `${at + 1}`} onChange=${(/** @type {any} */ next) => put(at, [name, next])} depth=${depth} />
        <${IconButton} icon="x" label=${`Take “${name || at + 1}” away`} onClick=${() => show(rows.filter((_, index) => index !== at))} />
      </div>`,
    )}
    <div class="rows__adds">
      <${Add} words="A line" onAdd=${() => show([...rows, ["", ""]])} />
      <${Add} words="A list" onAdd=${() => show([...rows, ["", [""]]])} />
      ${depth < 3 && html`<${Add} words="A group" onAdd=${() => show([...rows, ["", {}]])} />`}
      ${depth === 0 && html`<button type="button" class="link-button rows__add rows__json" onClick=${asJson}>As JSON</button>`}
    </div>
  </div>`;
}

/** @param {{ value: any, name: string, onChange: (value: any) => void, depth: number }} props */
function PairValue({ value, name, onChange, depth }) {
  const typed = (/** @type {any} */ event) => event.currentTarget.value;
  if (typeof value === "boolean") {
    return html`<label class="check"><input type="checkbox" checked=${value} aria-label=${name}
      onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)} /> ${value ? "Yes" : "No"}</label>`;
  }
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return html`<textarea class="field field--prose" rows="2" aria-label=${`${name}, one a line`} placeholder="One a line"
      value=${value.join("\n")} onInput=${(/** @type {any} */ event) => onChange(typed(event).split("\n"))}></textarea>`;
  }
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return html`<div class="rows__group"><${PairsEditor} value=${value} onChange=${onChange} label=${name} depth=${depth + 1} /></div>`;
  }
  if (Array.isArray(value)) return html`<code class="mono">${JSON.stringify(value)}</code>`;
  const wasNumber = typeof value === "number";
  return html`<textarea class="field field--prose" rows="1" aria-label=${`Value of ${name}`} placeholder="Value" value=${String(value ?? "")}
    onInput=${(/** @type {any} */ event) => onChange(wasNumber && String(Number(typed(event))) === typed(event) ? Number(typed(event)) : typed(event))}></textarea>`;
}
