import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { LoadFailed } from "../components/campaign/load_failed.js";
import { navigate } from "../router.js";
import { KINDS, pathOf } from "../state/campaign/campaign_kinds.js";
import { useApp } from "../state/app.js";
import { conversationLink, searchAddress } from "../models/search_words.js";

/**
 * A thing of a campaign, or something that was said, known only by its kind and id, as a reference in
 * a message names it: finds out where it is shown and goes there.
 * @param {{ kind: string, id: string }} props
 */
export default function ThingScreen({ kind, id }) {
  const { api } = useApp();
  const [fault, setFault] = useState(/** @type {any} */ (null));
  const known = KINDS[kind];
  const find = async () => {
    setFault(null);
    if (kind === "message") return findMessage(api, id).catch(setFault);
    if (!known) return setFault({ status: 404 });
    try {
      const at = known.isThing ? `things/${kind}` : known.path;
      navigate(pathOf(known, await api.get(`/api/${at}/${encodeURIComponent(id)}`)), { replace: true });
    } catch (error) {
      if (!(/** @type {any} */ (error).detail)) throw error;
      setFault(error);
    }
  };
  useEffect(() => {
    find();
  }, [kind, id]);
  return html`<div class="book"><div class="book__page">${fault && html`<${LoadFailed} fault=${fault} onRetry=${find} />`}</div></div>`;
}

/** @param {import("../api.js").Api} api @param {string} id */
async function findMessage(api, id) {
  const { conversation } = await api.get(`/api/messages/${encodeURIComponent(id)}/around?limit=3`);
  navigate(conversationLink(conversation, id) ?? searchAddress({ message: id }), { replace: true });
}
