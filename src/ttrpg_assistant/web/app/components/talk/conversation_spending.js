import { html } from "../../html.js";
import { spentWords } from "../../models/spending_words.js";
import { useFetched } from "../../state/fetched.js";
import { useApp } from "../../state/app.js";
import { conversations } from "../../words/en/conversations.js";

/** What the answers of one conversation took and cost. @param {{ id: string }} props */
export function ConversationSpending({ id }) {
  const { api } = useApp();
  const { value } = useFetched(
    (signal) =>
      /** @type {Promise<import("../../models/spending_words.js").Spending>} */ (
        api.get(`/api/spending?conversation_id=${id}`, { signal })
      ),
    [id],
  );
  const spent = value?.conversation;
  if (!spent || spent.answers === 0) return null;
  return html`<p class="menu__note"><strong>${conversations.thisConversation}</strong> ${spentWords(spent)}</p>`;
}
