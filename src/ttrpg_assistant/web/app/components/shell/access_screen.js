import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { tokenIn } from "../../access.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { shell } from "../../words/en/shell.js";
import { faults } from "../../words/en/faults.js";

/** What a browser sees that has not been let in. Whatever waits on this device stays. */
export function AccessScreen() {
  const { access, api, persistence } = useApp();
  const [text, setText] = useState("");
  const [words, setWords] = useState("");
  const enter = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const token = tokenIn(text);
    if (token === "") return;
    try {
      const accepted = await access.exchange(api, token);
      if (!accepted) setWords(shell.wrongToken);
    } catch (error) {
      setWords(
        [/** @type {any} */ (error).detail, /** @type {any} */ (error).cure].filter(Boolean).join(" ") ||
          faults.unreachable,
      );
    }
  };
  return html`<main class="access">
    <div class="access__card">
      <${Icon} name="key-round" />
      <h1>${shell.notSignedIn}</h1>
      <p>${shell.howToSignIn}</p>
      <form class="access__form" onSubmit=${enter}>
        <label for="launch-link">${shell.tokenLabel}</label>
        <div class="field-row">
          <input id="launch-link" class="field" type="text" autocomplete="off" spellcheck=${false} value=${text}
            onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
          <button type="submit" class="button button--accent">${shell.signIn}</button>
        </div>
        <p class="access__words" role="alert">${words}</p>
      </form>
      ${persistence.waiting.value > 0 && html`<p class="access__kept">${shell.waitingTexts}</p>`}
    </div>
  </main>`;
}
