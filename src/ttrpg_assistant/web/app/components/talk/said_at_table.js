import { useRef } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { wasJustWritten } from "../../state/campaign/just_written.js";
import { attempt, toast } from "../../state/notices.js";
import { continuity as t } from "../../words/en/continuity.js";
import { controls } from "../../words/en/controls.js";
import { Brought } from "../campaign/brought.js";

/**
 * What a message in a campaign's chat contradicts, under it, on the page where it was written.
 *
 * @typedef {import("../../state/talk/talk.js").Talk} Talk
 *
 * @param {{ message: import("../../types.js").Message, talk: Talk }} props
 */
export function SaidAtTable({ message, talk }) {
  if (!wasJustWritten(`message:${message.id}`)) return null;
  const campaignId = talk.conversation.value?.campaign_id;
  return campaignId ? html`<${AfterFirstWord} talk=${talk} id=${message.id} campaignId=${campaignId} />` : null;
}

/** Nothing is asked for before the answer has begun: it comes first. @param {{ talk: Talk, id: string, campaignId: string }} props */
function AfterFirstWord({ talk, id, campaignId }) {
  const app = useApp();
  const hasBegun = useRef(false);
  hasBegun.current ||= !talk.streaming.value || talk.follower.value?.progress.phase.value?.name === "writing";
  if (!hasBegun.current) return null;
  const off = (/** @type {() => Promise<void>} */ pull) => {
    const turn = async (/** @type {boolean} */ on) => {
      await app.api.put("/api/contradictions/in-talk", { is_on: on });
      await pull();
    };
    const turnOff = () =>
      attempt(async () => {
        await turn(false);
        toast(t.inTalkIsOff, { label: controls.undo, run: () => turn(true) });
      });
    return html`<button type="button" class="link-button brought__off" onClick=${turnOff}>${t.inTalkTurnOff}</button>`;
  };
  return html`<${Brought} campaignId=${campaignId} by=${/** @type {const} */ (`message:${id}`)} off=${off} />`;
}
