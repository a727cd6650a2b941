import { useEffect, useRef } from "preact/hooks";
import { html } from "../../html.js";
import { isOpen } from "../../models/proposals.js";
import { useApp } from "../../state/app.js";
import { useFetched } from "../../state/fetched.js";
import { tokens as t } from "../../words/en/tokens.js";
import { Icon } from "../icon.js";
import { SuggestionCard } from "../suggestions/suggestion_card.js";
import { BroughtByAccepted } from "./brought.js";

/** So many are shown at a time. */
const SHOWN = 50;

/**
 * What other programs suggest for a campaign and nobody has decided on. Nothing where there is none.
 * @param {{ campaignId: string }} props
 */
export function FromTools({ campaignId }) {
  const { api, proposals } = useApp();
  const open = ["pending", "partly_accepted", "undone", "conflict"].map((status) => `&status=${status}`).join("");
  const { value } = useFetched(
    (signal) => api.get(`/api/suggestions?campaign_id=${campaignId}&from_tools=true&limit=${SHOWN}${open}`, { signal }),
    [campaignId],
    (hint) => hint.event === "suggestions" || (hint.event === "campaign" && hint.id === campaignId),
  );
  const listed = /** @type {import("../../models/proposals.js").Suggestion[]} */ (value?.suggestions ?? []);
  const homes = [...new Set(listed.map((one) => one.conversation_id))].join(" ");
  useEffect(() => {
    const ends = homes
      .split(" ")
      .filter(Boolean)
      .map((id) => proposals.watch(id));
    return () => {
      for (const end of ends) end();
    };
  }, [proposals, homes]);
  const shown = listed.map((one) => ({ ...one, ...proposals.now(one) }));
  // What is accepted leaves the list; what contradicts it is shown all the same.
  const seen = useRef(/** @type {Map<string, import("../../models/proposals.js").Suggestion>} */ (new Map()));
  for (const one of listed) seen.current.set(one.id, one);
  const left = [...seen.current.values()].filter(({ id }) => !shown.some((one) => one.id === id));
  const brought = html`<${BroughtByAccepted} suggestions=${left.map((one) => ({ ...one, ...proposals.now(one) }))} />`;
  if (shown.length === 0) return brought;
  return html`${brought}<section class="section review__group" aria-label=${t.fromTools}>
    <header class="section__title"><h2>${t.fromTools}</h2><span class="parts__count">${shown.filter(isOpen).length}</span></header>
    ${shown.map(
      (one) => html`<${SuggestionCard} key=${one.id} suggestion=${one}>
      <p class="quiet"><${Icon} name="link" /> ${t.from(/** @type {any} */ (one).source ?? "")}</p></${SuggestionCard}>`,
    )}
    ${value?.has_more && html`<p class="quiet">${t.more(SHOWN)}</p>`}
  </section>`;
}
