import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { findCommands, paletteOpen } from "../../state/palette/palette.js";
import { palette as words } from "../../words/en/palette.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { attempt } from "../../state/notices.js";

/** @typedef {import("../../state/palette/palette.js").Command} Command */

/** So many are offered. */
const MOST = 30;

/** Reaches everything by its name, and does what is typed into it. */
export function Palette() {
  return paletteOpen.value ? html`<${OpenPalette} />` : null;
}

function OpenPalette() {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState(/** @type {{ query: string, commands: Command[] } | null} */ (null));
  const [at, setAt] = useState(0);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const hasEntered = useRef(false);
  const commands = found?.commands ?? [];

  useEffect(() => {
    let current = true;
    findCommands(query).then((all) => {
      if (!current) return;
      const offered = all.slice(0, MOST);
      setFound({ query, commands: offered });
      setAt(0);
      // Enter was pressed before it was known what there is: what was typed is meant, not what stood there.
      if (hasEntered.current) run(offered[0]);
      hasEntered.current = false;
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
    if (command.fill !== undefined) return setQuery(command.fill);
    close();
    attempt(async () => command.run?.());
  };
  const key = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[keyOf(event)];
    if (step) setAt((now) => (now + step + commands.length) % Math.max(1, commands.length));
    else if (keyOf(event) !== "Enter") return;
    else if (found?.query === query) run(commands[at]);
    else hasEntered.current = true;
    event.preventDefault();
  };
  const type = (/** @type {any} */ event) => {
    hasEntered.current = false;
    setQuery(event.currentTarget.value);
  };

  return html`<${Dialog} title=${words.title} kind="palette" plain onClose=${close}>
    <input class="palette__query" type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
      aria-activedescendant=${commands[at] ? `palette-${at}` : undefined} aria-label=${words.field}
      placeholder=${words.placeholder} autofocus value=${query}
      onInput=${type} onKeyDown=${key} />
    <ul class="palette__list" id="palette-list" role="listbox" aria-label=${words.found} ref=${list}>
      ${commands.map(
        (command, index) => html`<li key=${command.id} id=${`palette-${index}`} role="option" class="palette__item"
          aria-selected=${index === at ? "true" : "false"} onClick=${() => run(command)} onMouseMove=${() => setAt(index)}>
          <${Icon} name=${command.icon} /><span class="palette__label">${command.label}</span>
          ${command.hint && html`<span class="palette__hint">${command.hint}</span>`}
        </li>`,
      )}
    </ul>
    <p class="palette__none" role="status" hidden=${commands.length > 0}>${commands.length === 0 && (found ? words.none : words.looking)}</p>
  </${Dialog}>`;
}
