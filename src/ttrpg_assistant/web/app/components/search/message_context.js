import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "../../html.js";
import { Icon, IconButton } from "../icon.js";
import { Prose } from "../reply_body.js";
import { shownText } from "../../models/shown_reply.js";
import { conversationLink, searchAddress, speakerOf, whisperOf } from "../../models/search_words.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { search as t } from "../../words/en/search.js";
import { controls } from "../../words/en/controls.js";

/**
 * A message that was found, among what was said around it. `addressOf` is where another message is
 * opened instead.
 * @param {{ messageId: string, onClose: () => void, addressOf?: (messageId: string) => string }} props
 */
export function MessageContext({ messageId, onClose, addressOf = inSearch }) {
  const app = useApp();
  const { value, fault, pull } = useFetched(
    (signal) => app.api.get(`/api/messages/${messageId}/around?limit=40`, { signal }),
    [messageId],
  );
  const hit = useRef(/** @type {HTMLElement | null} */ (null));
  const isThere = value !== null;
  useLayoutEffect(() => {
    hit.current?.scrollIntoView({ block: "center" });
    hit.current?.focus({ preventScroll: true });
  }, [isThere]);
  const npc = value?.names[value.conversation.npc_id];
  const names = { ...value?.names, ...(npc && { "": npc }) };
  const link = value && conversationLink(value.conversation, messageId);
  return html`<section class="opened" aria-label=${t.conversation}>
    <header class="opened__head">
      <h2 class="opened__title">${value?.conversation.title ?? t.conversation}</h2>
      ${link && html`<a class="button button--small" href=${link}>${t.openConversation}</a>`}
      <${IconButton} icon="x" label=${controls.close} onClick=${onClose} />
    </header>
    ${fault && html`<p class="note note--trouble" role="alert">${fault.detail} <button type="button" class="link-button" onClick=${pull}>${controls.retry}</button></p>`}
    ${value && !value.is_on_active_path && html`<p class="note">${t.inOtherBranch}</p>`}
    <div class="opened__talk">
      ${value?.has_older && html`<a class="link-button" href=${addressOf(value.messages[0].id)}>${t.showEarlier}</a>`}
      ${value?.messages.map(
        (
          /** @type {any} */ said,
        ) => html`<article key=${said.id} ref=${said.id === messageId ? hit : null} tabindex=${said.id === messageId ? -1 : undefined}
          class=${`opened__said opened__said--${said.role} ${said.id === messageId ? "opened__said--hit" : ""}`}>
        <p class="found__kind"><b>${speakerOf(said, names)}</b> · ${whisperOf(said, names) && html`<${Icon} name="eye-off" /> ${whisperOf(said, names)} · `} <time datetime=${said.created_at}>${new Date(said.created_at).toLocaleString()}</time></p>
        <${Prose} text=${shownText(said)} />
      </article>`,
      )}
      ${value?.has_newer && html`<a class="link-button" href=${addressOf(value.messages.at(-1).id)}>${t.showLater}</a>`}
    </div>
  </section>`;
}

/** The search, with this message opened. @param {string} id */
function inSearch(id) {
  return searchAddress({ ...Object.fromEntries(new URLSearchParams(location.search)), message: id });
}
