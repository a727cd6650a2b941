import { html } from "../html.js";
import { attempt } from "../state/notices.js";
import { forgetLinkedMessage } from "../state/linked_message.js";
import { Icon } from "./icon.js";

/**
 * What a reader who was led into a conversation has to know: that another branch is shown, or that
 * the message is gone.
 * @param {{ talk: import("../state/talk.js").Talk }} props
 */
export function LinkedMessageNotice({ talk }) {
  if (talk.jump.isMissing.value) {
    const dismiss = () => {
      forgetLinkedMessage();
      talk.jump.leave();
    };
    return html`<div class="linked-message linked-message--missing" role="alert">
      <${Icon} name="unlink" />
      <p>That message was cleared or deleted. This is the end of the conversation.</p>
      <div class="button-row">
        <a class="button button--small" href="/settings">Recently removed</a>
        <button type="button" class="button button--small" onClick=${dismiss}>Dismiss</button>
      </div></div>`;
  }
  if (talk.branch.value === null) return null;
  return html`<div class="linked-message" role="status">
    <${Icon} name="link" />
    <p>You are viewing another branch. New messages go to the active one.</p>
    ${!talk.readOnly && html`<button type="button" class="button button--small" onClick=${() => attempt(() => talk.adoptBranch())}>Switch to this branch</button>`}
  </div>`;
}
