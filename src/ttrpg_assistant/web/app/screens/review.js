import { useEffect } from "preact/hooks";
import { LoadFailed } from "../components/campaign/load_failed.js";
import { BeginReview } from "../components/reviews/begin_review.js";
import { BeginNotes } from "../components/reviews/begin_notes.js";
import { Queue } from "../components/reviews/queue.js";
import { Reading } from "../components/reviews/reading.js";
import { Speakers } from "../components/reviews/speakers.js";
import { html } from "../html.js";
import { threadTitle } from "../models/purposes.js";
import { conversationLink } from "../models/search_words.js";
import { useApp } from "../state/app.js";
import { useFetched } from "../state/fetched.js";
import { readingNotes } from "../words/en/reading_notes.js";
import { reviews as t } from "../words/en/reviews.js";

/**
 * The review of one transcript, or of notes: begun, read, and decided on line by line.
 *
 * @typedef {import("../models/reviews.js").Review} Review
 *
 * @param {{ id: string }} props the conversation's id
 */
export default function ReviewScreen({ id }) {
  const { api, proposals } = useApp();
  const { value, fault, pull, put } = useFetched(
    async (signal) => {
      const thread = await api.get(`/api/threads/${encodeURIComponent(id)}`, { signal });
      const path = `/api/campaigns/${thread.campaign_id}/transcript-reviews`;
      const listed = thread.campaign_id ? (await api.get(path, { signal })).reviews : [];
      const review = listed.find((/** @type {Review} */ one) => one.conversation_id === id) ?? null;
      return { thread, review: /** @type {Review | null} */ (review) };
    },
    [id],
    (hint) => hint.event === "review" || hint.event === "campaign",
  );
  useEffect(() => proposals.watch(id), [proposals, id]);
  if (fault && !value)
    return html`<div class="book"><div class="book__page"><${LoadFailed} fault=${fault} onRetry=${pull} /></div></div>`;
  if (!value) return html`<div class="book"><div class="book__page"></div></div>`;
  const { thread, review } = value;
  const isNotes = thread.purpose === "notes";
  const link = isNotes ? null : conversationLink({ kind: "thread", id, campaign_id: thread.campaign_id });
  const over = isNotes ? readingNotes.over : t.over;
  const changed = (/** @type {Review} */ now) => put({ thread, review: now });
  return html`<div class="book"><div class="book__page review">
    <header class="book__head"><div><p class="book__over">${link ? html`<a href=${link}>${over}</a>` : over}</p>
      <h1 class="book__title">${threadTitle(thread)}</h1></div></header>
    ${
      review
        ? html`<${Reading} review=${review} onChanged=${changed} />
          ${!isNotes && html`<${Speakers} key=${review.id} review=${review} onChanged=${changed} />`}
          <${Queue} review=${review} />`
        : isNotes
          ? html`<${BeginNotes} thread=${thread} onBegun=${changed} />`
          : html`<${BeginReview} thread=${thread} onBegun=${changed} />`
    }
  </div></div>`;
}
