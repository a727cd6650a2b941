import { useLayoutEffect } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf, registerKeys } from "../../keys.js";
import { useApp } from "../../state/app.js";
import { naming, rename } from "../../state/conversations/naming.js";
import { Naming } from "../naming.js";
import { conversations } from "../../words/en/conversations.js";

/**
 * The form in which a conversation is renamed in place, while that is done; F2 begins it.
 * @param {import("../../state/talk/talk.js").Talk} talk
 * @param {string} title as it is shown now
 * @param {(renamed: import("../../types.js").Conversation) => void} [onRenamed]
 */
export function useTalkNaming(talk, title, onRenamed) {
  const app = useApp();
  useLayoutEffect(
    () =>
      registerKeys({
        keys: "F2",
        what: conversations.renameKey,
        whileTyping: true,
        when: (event) => keyOf(event) === "F2" && talk.id !== null && !document.querySelector("dialog[open]"),
        run: () => (naming.value = talk.id),
      }),
    [talk],
  );
  if (talk.id === null || naming.value !== talk.id) return null;
  const done = () => document.querySelector("textarea")?.focus();
  const name = async (/** @type {string} */ wanted) => {
    const renamed = await rename(app, talk, wanted);
    if (renamed) onRenamed?.(renamed);
    done();
  };
  const leave = () => {
    naming.value = null;
    done();
  };
  return html`<${Naming} title=${title} onName=${name} onCancel=${leave} />`;
}
