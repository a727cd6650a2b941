import { html } from "../../html.js";
import { attempt } from "../../state/notices.js";
import { forgetLinkedMessage } from "../../state/talk/linked_message.js";
import { Icon } from "../icon.js";
import { conversations } from "../../words/en/conversations.js";
import { controls } from "../../words/en/controls.js";

/**
 * What a reader who was led into a conversation has to know: that another branch is shown, or that
 * the message is gone.
 * @param {{ talk: import("../../state/talk/talk.js").Talk }} props
 */
export function LinkedMessageNotice({ talk }) {
  if (talk.jump.isMissing.value) {
    const dismiss = () => {
      forgetLinkedMessage();
      talk.jump.leave();
    };
    return html`<div class="linked-message linked-message--missing" role="alert">
      <${Icon} name="unlink" />
      <p>${conversations.messageGone}</p>
      <div class="button-row">
        <a class="button button--small" href="/settings">${conversations.recentlyRemoved}</a>
        <button type="button" class="button button--small" onClick=${dismiss}>${controls.dismiss}</button>
      </div></div>`;
  }
  if (talk.branch.value === null) return null;
  return html`<div class="linked-message" role="status">
    <${Icon} name="link" />
    <p>${conversations.otherBranch}</p>
    ${!talk.readOnly && html`<button type="button" class="button button--small" onClick=${() => attempt(() => talk.adoptBranch())}>${conversations.switchBranch}</button>`}
  </div>`;
}
