import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { keyOf } from "../keys.js";
import { findCommands, paletteOpen } from "../state/palette.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";
import { attempt } from "../state/notices.js";

/** @typedef {import("../state/palette.js").Command} Command */

/** Reaches everything by its name. */
export function Palette() {
  return paletteOpen.value ? html`<${OpenPalette} />` : null;
}

function OpenPalette() {
  const [query, setQuery] = useState("");
  const [commands, setCommands] = useState(/** @type {Command[]} */ ([]));
  const [at, setAt] = useState(0);
  const list = useRef(/** @type {HTMLElement | null} */ (null));

  useEffect(() => {
    let current = true;
    findCommands(query).then((found) => {
      if (!current) return;
      setCommands(found.slice(0, 30));
      setAt(0);
    });
    return () => {
      current = false;
    };
  }, [query]);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const close = () => (paletteOpen.value = false);
  const run = (/** @type {Command | undefined} */ command) => {
    if (!command) return;
    close();
    attempt(async () => command.run());
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[keyOf(event)];
    if (step) setAt((now) => (now + step + commands.length) % Math.max(1, commands.length));
    else if (keyOf(event) === "Enter") run(commands[at]);
    else return;
    event.preventDefault();
  };

  return html`<${Dialog} title="Find anything" kind="palette" plain onClose=${close}>
    <input class="palette__query" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
      aria-activedescendant=${commands[at] ? `palette-${at}` : undefined} aria-label="Find a screen, a conversation, an action"
      placeholder="Find a screen, a conversation, an action…" autofocus value=${query}
      onInput=${(/** @type {any} */ event) => setQuery(event.currentTarget.value)} onKeyDown=${key} />
    <ul class="palette__list" id="palette-list" role="listbox" aria-label="Found" ref=${list}>
      ${commands.map(
        (command, index) => html`<li key=${command.id} id=${`palette-${index}`} role="option" class="palette__item"
          aria-selected=${index === at ? "true" : "false"} onClick=${() => run(command)} onMouseMove=${() => setAt(index)}>
          <${Icon} name=${command.icon} /><span class="palette__label">${command.label}</span>
          ${command.hint && html`<span class="palette__hint">${command.hint}</span>`}
        </li>`,
      )}
    </ul>
    ${commands.length === 0 && html`<p class="palette__none">Nothing by that name.</p>`}
  </${Dialog}>`;
}
