import { html } from "../../html.js";
import { dayInSentence } from "../../models/play_days.js";
import { conversationLink } from "../../models/search_words.js";
import { apiOf } from "../../state/campaign/campaign_kinds.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { Icon } from "../icon.js";
import { campaign as t } from "../../words/en/campaign.js";
import { canon } from "../../words/en/canon.js";

/**
 * Where accepted fields came from: the message that proposed them, and when they were accepted.
 *
 * @typedef {{ field: string, message_id: string | null, at: string }} Source
 * @typedef {{ message_id: string, id: string, kind: string, title: string | null, campaign_id: string | null, npc_id: string | null }} Home
 *
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, entity: any }} props
 */
export function Sources({ kind, entity }) {
  const { api } = useApp();
  const { value } = useFetched(
    async (signal) => {
      const { sources } = /** @type {{ sources: Source[] }} */ (
        await api.get(`${apiOf(kind, entity)}/sources`, { signal })
      );
      const from = entity.source_message_id ? [{ message_id: entity.source_message_id }] : [];
      return { sources, homes: await findHomes(api, [...from, ...sources], signal) };
    },
    [entity.id, entity.revision],
  );
  const origin = value?.homes.get(entity.source_message_id ?? "");
  if (!value || (value.sources.length === 0 && !origin)) return null;
  const groups = grouped(kind, value.sources);
  const isTold = groups.some(({ messageId }) => messageId === entity.source_message_id);
  return html`<div class="provenance">
    ${origin && !isTold && html`<p><${Icon} name="message-square-plus" /> ${canon.from} <${Message} messageId=${entity.source_message_id} home=${origin} /></p>`}
    ${groups.map(
      ({ key, messageId, day, labels }) =>
        html`<p key=${key}><${Icon} name="sparkles" /> ${t.suggestedIn} <${Message} messageId=${messageId} home=${value.homes.get(messageId ?? "")} />${" "}${t.acceptedOn(day, labels.join(", "))}</p>`,
    )}
  </div>`;
}

/** The message, as a way to it. @param {{ messageId: string | null, home: Home | undefined }} props */
function Message({ messageId, home }) {
  const at = home && messageId ? conversationLink(home, messageId) : null;
  if (!at) return html`${t.aMessage}`;
  const where = home?.title ? `“${home.title}”` : home?.kind === "npc" ? t.conversationAboutThem : t.aMessage;
  return html`<a class="provenance__link" href=${at} title=${t.openAtMessage}>${where}</a>`;
}

/** @param {import("../../api.js").Api} api @param {{ message_id: string | null }[]} sources @param {AbortSignal} signal @returns {Promise<Map<string, Home>>} */
async function findHomes(api, sources, signal) {
  const ids = [...new Set(sources.map(({ message_id: id }) => id))].filter((id) => id !== null).slice(-50);
  if (ids.length === 0) return new Map();
  const { homes } = await api.get(`/api/message-homes?${ids.map((id) => `message_id=${id}`).join("&")}`, { signal });
  return new Map(homes.map((/** @type {Home} */ home) => [home.message_id, home]));
}

/** One line for each message and day, oldest first. @param {import("../../state/campaign/campaign_kinds.js").Kind} kind @param {Source[]} sources */
function grouped(kind, sources) {
  const groups = /** @type {Map<string, { key: string, messageId: string | null, day: string, labels: string[] }>} */ (
    new Map()
  );
  for (const { field, at, message_id: messageId } of sources) {
    const label = kind.fields.find(({ name }) => name === field.split(".")[0])?.label ?? field;
    const day = dayInSentence(new Date(at));
    const key = `${messageId} ${day}`;
    const group = groups.get(key) ?? { key, messageId, day, labels: [] };
    if (!group.labels.includes(label)) group.labels.push(label);
    groups.set(key, group);
  }
  return [...groups.values()];
}
