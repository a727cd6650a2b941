import { useLayoutEffect, useMemo } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf, registerKeys } from "../../keys.js";
import { beginEdit, editLast } from "../../state/conversations/conversation_actions.js";
import { useApp } from "../../state/app.js";
import { useLinkedMessage } from "../../state/talk/linked_message.js";
import { Composer } from "./composer.js";
import { LoadFailed, Loading } from "../loading.js";
import { attempt } from "../../state/notices.js";
import { TimelineView } from "./timeline.js";

/**
 * The lines of a conversation and the place to write: the same for chat, threads and NPC talk.
 *
 * @typedef {import("../../state/talk/talk.js").Talk} Talk
 *
 * @param {object} props
 * @param {Talk} props.talk
 * @param {import("./message.js").Voices} [props.voices]
 * @param {import("../../types.js").Mode} [props.mode] in which the next message is said
 * @param {string} [props.hold] why nothing can be sent just now
 * @param {string} [props.placeholder]
 * @param {any} [props.empty] shown while nothing has been said
 * @param {any} [props.closed] shown in place of the composer when nothing more can be said
 * @param {any} [props.below] the line under the composer
 * @param {any} [props.above] what stands over the composer
 * @param {import("../../types.js").Aside | null} [props.aside] in a scene, to whom the next message is said
 * @param {() => void} [props.onSent]
 */
export function TalkPanel({ talk, voices, mode, hold, placeholder, empty, closed, below, above, aside, onSent }) {
  const app = useApp();
  const edit = useMemo(
    () => (/** @type {import("../../types.js").Entry} */ entry) => beginEdit(app, talk, entry),
    [app, talk],
  );
  useLayoutEffect(
    () =>
      registerKeys({
        keys: "",
        what: "",
        whileTyping: true,
        when: (event) => keyOf(event) === "Escape" && talk.streaming.value && !document.querySelector("dialog[open]"),
        run: () => attempt(() => talk.stop()),
      }),
    [talk],
  );

  useLinkedMessage(talk);

  const phase = talk.phase.value;
  return html`
    ${phase === "loading" && html`<${Loading} />`}
    ${phase === "failed" && html`<${LoadFailed} fault=${talk.fault.value} onRetry=${() => talk.load()} />`}
    ${phase === "ready" && html`<${TimelineView} talk=${talk} voices=${voices} onEdit=${edit}>${empty}</${TimelineView}>`}
    ${
      talk.readOnly && phase === "ready"
        ? closed
        : html`${phase === "ready" && above}
        <${Composer} talk=${talk} mode=${mode} hold=${hold} placeholder=${placeholder} aside=${aside} onSent=${onSent} onEditLast=${() => editLast(app, talk)}>
          ${below}
        </${Composer}>`
    }`;
}

/** What a part of the page that shows a talk says of it in `data-phase`. @param {Talk} talk */
export function phaseOf(talk) {
  return talk.phase.value === "ready" && talk.streaming.value ? "streaming" : talk.phase.value;
}
