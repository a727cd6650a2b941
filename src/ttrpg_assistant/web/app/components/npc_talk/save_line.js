import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { shownText } from "../../models/shown_reply.js";
import { spokenLines } from "../../models/spoken_lines.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { IconButton } from "../icon.js";
import { cutText } from "../../models/characters.js";
import { npc as t } from "../../words/en/npc.js";

/**
 * Saves words an NPC has said to the sample lines of its sheet: what is selected in the answer,
 * the one line it has, or the one chosen of several.
 * @param {{ entry: import("../../types.js").Entry }} props
 */
function SaveLine({ entry }) {
  const { api } = useApp();
  const [choices, setChoices] = useState(/** @type {string[] | null} */ (null));
  const { message } = entry;
  const save = (/** @type {string} */ line) =>
    attempt(async () => {
      setChoices(null);
      const npc = await api.post(`/api/replies/${message.id}/sample-line`, { line });
      toast(t.lineSaved(npc.name));
    });
  const press = () => {
    const chosen = selectedIn(message.id);
    const said = shownText(message);
    if (chosen && said.replace(/\s+/g, " ").includes(chosen)) return save(chosen);
    const lines = spokenLines(said);
    if (lines.length === 0) return toast(t.noLine);
    return lines.length === 1 ? save(lines[0]) : setChoices(lines);
  };
  return html`<${IconButton} icon="star" label=${t.saveLine} onClick=${press} />
    ${
      choices &&
      html`<${Dialog} title=${t.chooseLine} onClose=${() => setChoices(null)}>
      <ul class="lines">${choices.map((line) => html`<li key=${line}><button type="button" class="lines__one" onClick=${() => save(line)}>“${line}”</button></li>`)}</ul>
    </${Dialog}>`
    }`;
}

/** Among the buttons of what an NPC has said. @param {{ entry: import("../../types.js").Entry }} props */
export function SaveLineAction({ entry }) {
  const { message, pending } = entry;
  const spoken = message.role === "assistant" && message.mode === "as" && message.content && !pending;
  return spoken && ["complete", "stopped", "interrupted"].includes(message.status)
    ? html`<${SaveLine} entry=${entry} />`
    : null;
}

/** What is selected within an answer. @param {string} messageId */
function selectedIn(messageId) {
  const selection = getSelection();
  const body = document.querySelector(`[data-message-id="${messageId}"] .message__body .prose`);
  const { anchorNode, focusNode } = selection ?? {};
  if (!selection || !body || !anchorNode || !focusNode || !body.contains(anchorNode) || !body.contains(focusNode))
    return "";
  return cutText(selection.toString().replace(/\s+/g, " ").trim(), 500);
}
