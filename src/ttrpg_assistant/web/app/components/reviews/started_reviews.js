import { html } from "../../html.js";
import { progressWords } from "../../models/reviews.js";
import { useApp } from "../../state/app.js";
import { findLastCampaign } from "../../state/campaign/campaign_last.js";
import { useFetched } from "../../state/fetched.js";
import { reviews as t } from "../../words/en/reviews.js";

/** The reviews of the campaign used last, to go on with. */
export function StartedReviews() {
  const { api } = useApp();
  const campaign = findLastCampaign();
  const { value } = useFetched(
    async (signal) =>
      campaign ? (await api.get(`/api/campaigns/${campaign.id}/transcript-reviews`, { signal })).reviews : [],
    [campaign?.id],
    (hint) => hint.event === "review",
  );
  if (!value || value.length === 0) return null;
  return html`<section class="review__started" aria-labelledby="started-reviews">
    <h2 class="section__title" id="started-reviews">${t.started}</h2>
    <ul>${value.map(
      (
        /** @type {import("../../models/reviews.js").Review & { title: string }} */ one,
      ) => html`<li key=${one.id}><a href=${`/reviews/${one.conversation_id}`}>${one.title || t.title}</a>
      <span class="quiet">${progressWords(one)} ${t.toDecide(one.progress.open)}</span></li>`,
    )}</ul>
  </section>`;
}
