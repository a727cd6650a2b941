import { html } from "../../html.js";
import { eveningWords } from "../../models/evenings.js";
import { usePulled } from "../../state/campaign_pull.js";
import { useDesk } from "../../state/desk.js";
import { Icon } from "../icon.js";

/**
 * Where accepted fields came from: which were proposed in a message, and when they were accepted.
 *
 * @param {{ kind: import("../../state/campaign_kinds.js").Kind, entity: any }} props
 */
export function Sources({ kind, entity }) {
  const { api } = useDesk();
  const { value } = usePulled(
    async (signal) => (await api.get(`/api/${kind.path}/${entity.id}/sources`, { signal })).sources,
    [entity.id, entity.revision],
  );
  if (!value || value.length === 0) return null;
  const byDay = /** @type {Map<string, string[]>} */ (new Map());
  for (const { field, at } of value) {
    const label = kind.fields.find(({ name }) => name === field.split(".")[0])?.label ?? field;
    const day = eveningWords(new Date(at), new Date());
    byDay.set(day, [...new Set([...(byDay.get(day) ?? []), label])]);
  }
  return html`<div class="provenance">
    ${[...byDay].map(([day, labels]) => html`<p><${Icon} name="sparkles" /> Proposed in a message and accepted ${day.replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())}: ${labels.join(", ")}.</p>`)}
  </div>`;
}
