import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { useFetched } from "../../state/fetched.js";
import { attempt } from "../../state/notices.js";
import { continuity as t } from "../../words/en/continuity.js";
import { settings } from "../../words/en/settings.js";

/** Whether what is written at the table may bring a card. */
export function Contradictions() {
  const { api } = useApp();
  const { value, fault, put } = useFetched(
    (signal) => /** @type {Promise<{ is_on: boolean }>} */ (api.get("/api/contradictions/in-talk", { signal })),
    [],
  );
  if (fault && !value) return html`<p role="alert">${fault.detail}</p>`;
  if (!value) return html`<p class="quiet">${settings.loading}</p>`;
  const turn = (/** @type {boolean} */ on) =>
    attempt(async () => put(await api.put("/api/contradictions/in-talk", { is_on: on })));
  return html`<p>${t.inTalkWords}</p>
    <label class="check"><input type="checkbox" checked=${value.is_on}
      onChange=${(/** @type {any} */ event) => turn(event.currentTarget.checked)} /> ${t.inTalk}</label>`;
}
