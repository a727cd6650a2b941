import { useState } from "preact/hooks";
import { html } from "../html.js";
import { tokenIn } from "../access.js";
import { useApp } from "../state/app.js";
import { Icon } from "./icon.js";

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
      if (!accepted) setWords("That is not the link that was printed last. Look where the assistant was started.");
    } catch (error) {
      setWords(
        [/** @type {any} */ (error).detail, /** @type {any} */ (error).cure].filter(Boolean).join(" ") ||
          "The assistant is not answering.",
      );
    }
  };
  return html`<main class="access">
    <div class="access__card">
      <${Icon} name="key-round" />
      <h1>This browser has not been let in yet</h1>
      <p>Open the link printed where the assistant was started, or paste it here.</p>
      <form class="access__form" onSubmit=${enter}>
        <label for="launch-link">Start link or token</label>
        <div class="field-row">
          <input id="launch-link" class="field" type="text" autocomplete="off" spellcheck=${false} value=${text}
            onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />
          <button type="submit" class="button button--accent">Open</button>
        </div>
        <p class="access__words" role="alert">${words}</p>
      </form>
      ${
        persistence.waiting.value > 0 &&
        html`<p class="access__kept">What you have written is kept on this device and will be sent when you are in.</p>`
      }
    </div>
  </main>`;
}
