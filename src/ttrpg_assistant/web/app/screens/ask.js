import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { EvidenceList } from "../components/ask/evidence_list.js";
import { InShort } from "../components/ask/in_short.js";
import { ModelAnswer } from "../components/ask/model_answer.js";
import { LoadFailed } from "../components/campaign/load_failed.js";
import { Icon } from "../components/icon.js";
import { MessageContext } from "../components/search/message_context.js";
import { navigate, path, query } from "../router.js";
import { rememberCampaign } from "../state/campaign/campaign_last.js";
import { useFetched } from "../state/fetched.js";
import { useApp } from "../state/app.js";
import { ask as t } from "../words/en/ask.js";
import { search } from "../words/en/search.js";
import { screens } from "../words/en/screens.js";
import { shell } from "../words/en/shell.js";

/**
 * A question about a campaign: what is on record, quoted, and a model's answer held to it.
 * @param {{ campaign_id: string }} props
 */
export default function AskScreen({ campaign_id: id }) {
  const { api } = useApp();
  const given = new URLSearchParams(query.value);
  const question = given.get("q") ?? "";
  const message = given.get("message");
  const [typed, setTyped] = useState(question);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const { value: campaign, fault, pull } = useFetched((signal) => api.get(`/api/campaigns/${id}`, { signal }), [id]);
  useEffect(() => {
    if (!campaign) return;
    document.title = shell.pageTitle(t.title(campaign.name));
    rememberCampaign(campaign);
  }, [campaign?.id, campaign?.name]);
  useEffect(() => setTyped(question), [question]);
  useLayoutEffect(() => {
    if (!message) field.current?.focus();
  }, [campaign === null]);
  if (!campaign) {
    return html`<div class="book"><div class="book__page">${fault && html`<${LoadFailed} fault=${fault} onRetry=${pull} />`}</div></div>`;
  }
  const address = (/** @type {Record<string, string>} */ values) => `${path.value}?${new URLSearchParams(values)}`;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (typed.trim()) navigate(address({ q: typed.trim() }));
  };
  const open = (/** @type {string} */ messageId) => address({ q: question, message: messageId });
  return html`<div class=${`book finder ${message ? "finder--open" : ""}`}><div class="finder__page">
    <header class="book__head"><div><p class="book__over"><a href="/campaigns">${screens.campaigns}</a> / <a href=${`/campaigns/${id}`}>${campaign.name}</a></p>
      <h1 class="book__title">${t.title(campaign.name)}</h1></div></header>
    <form role="search" class="finder__form" onSubmit=${submit}>
      <div class="one-line"><label class="search finder__words"><${Icon} name="circle-help" /><span class="sr-only">${t.field}</span>
        <input ref=${field} type="search" class="search__text" maxlength="500" placeholder=${t.fieldHint} value=${typed}
          onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} /></label>
        <button type="submit" class="button button--accent">${t.submit}</button></div>
    </form>
    <div class="finder__desk">
      ${
        question
          ? html`<${Answer} key=${question} campaignId=${id} question=${question} openId=${message} onOpen=${(/** @type {string} */ messageId) => navigate(open(messageId), { replace: true })} />`
          : html`<p class="quiet finder__hint">${t.intro}</p>`
      }
      ${message && html`<${MessageContext} key=${message} messageId=${message} addressOf=${open} onClose=${() => navigate(address({ q: question }), { replace: true })} />`}
    </div>
  </div></div>`;
}

/**
 * @param {{ campaignId: string, question: string, openId: string | null, onOpen: (messageId: string) => void }} props
 */
function Answer({ campaignId, question, openId, onOpen }) {
  const { api } = useApp();
  const {
    value: gathered,
    fault,
    pull,
  } = useFetched(
    (signal) => api.get(`/api/campaigns/${campaignId}/evidence?${new URLSearchParams({ q: question })}`, { signal }),
    [campaignId, question],
  );
  if (fault && !gathered) return html`<${LoadFailed} fault=${fault} onRetry=${pull} />`;
  if (!gathered) return html`<p class="quiet" role="status">${t.looking}</p>`;
  const { evidence, subjects } = gathered;
  const show = (/** @type {number} */ number) => {
    const quote = document.getElementById(`quote-${number}`);
    quote?.scrollIntoView({ block: "center" });
    quote?.focus({ preventScroll: true });
  };
  const isNothing = evidence.length === 0 && subjects.length === 0;
  return html`<div class="found">
    <p class="sr-only" role="status">${isNothing ? t.nothing : t.answered(evidence.length)}</p>
    ${
      isNothing
        ? html`<p class="quiet">${t.nothing}</p>`
        : html`<${InShort} gathered=${gathered} campaignId=${campaignId} onShow=${show} />
      <${ModelAnswer} campaignId=${campaignId} question=${question} onShow=${show} />
      <${EvidenceList} evidence=${evidence} campaignId=${campaignId} openId=${openId} onOpen=${onOpen} />`
    }
    ${gathered.still_indexing > 0 && html`<p class="quiet">${search.indexing(gathered.still_indexing)}</p>`}
  </div>`;
}
