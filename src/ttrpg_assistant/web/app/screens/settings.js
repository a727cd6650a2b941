import { html } from "../html.js";
import { Appearance } from "../components/settings/appearance.js";
import { Backups } from "../components/settings/backups.js";
import { Contradictions } from "../components/settings/contradictions.js";
import { Devices } from "../components/settings/devices.js";
import { Files } from "../components/settings/files.js";
import { Recalling } from "../components/settings/recalling.js";
import { ModelChoice } from "../components/settings/model_choice.js";
import { Removals } from "../components/settings/removals.js";
import { Spending } from "../components/settings/spending.js";
import { Storage } from "../components/settings/storage.js";
import { Tokens } from "../components/settings/tokens.js";
import { Voices } from "../components/settings/voices.js";
import { continuity } from "../words/en/continuity.js";
import { settings } from "../words/en/settings.js";
import { tokens } from "../words/en/tokens.js";

/**
 * The sections of this screen, in order. A new one is a component and a line here.
 */
const SECTIONS = [
  { id: "models", title: settings.model, Part: ModelChoice },
  { id: "spending", title: settings.tokensAndCost, Part: Spending },
  { id: "voices", title: settings.voices, Part: Voices },
  { id: "recalling", title: settings.olderMessages, Part: Recalling },
  { id: "contradictions", title: continuity.pairs, Part: Contradictions },
  { id: "appearance", title: settings.appearance, Part: Appearance },
  { id: "removed", title: settings.removed, Part: Removals },
  { id: "files", title: settings.importExport, Part: Files },
  { id: "devices", title: settings.devices, Part: Devices },
  { id: "tokens", title: tokens.title, Part: Tokens },
  { id: "storage", title: settings.storage, Part: Storage },
  { id: "backups", title: settings.backups, Part: Backups },
];

/** Settings. Everything here works with no provider configured. */
export default function SettingsScreen() {
  return html`<div class="settings">
    <div class="settings__page">
      <h1 class="settings__title">${settings.title}</h1>
      ${SECTIONS.map(
        ({ id, title, Part }) => html`<section class="settings__section" aria-labelledby=${`${id}-title`} key=${id}>
          <h2 id=${`${id}-title`}>${title}</h2>
          <${Part} />
        </section>`,
      )}
    </div>
  </div>`;
}
