import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { navigate, path } from "../../router.js";
import { campaignNameOf, sizeWords } from "../../models/file_words.js";
import { chooseAll, chosenCount, undecided, withOrWithout } from "../../state/files/choices.js";
import { attempt } from "../../state/notices.js";
import { Icon } from "../icon.js";
import { FoundColumns } from "./found_columns.js";
import { FoundFacts } from "./found_facts.js";
import { FoundThings } from "./found_things.js";
import { NotesReading } from "./notes_reading.js";
import { Report, Warnings } from "./report.js";
import { archives } from "../../words/en/archives.js";
import { counts } from "../../words/en/counts.js";
import { imports as t } from "../../words/en/imports.js";
import { readingNotes } from "../../words/en/reading_notes.js";

/**
 * What files hold and what would become of it, before any of it is in the campaign.
 * @param {{ importing: import("../../state/files/importing.js").Importing,
 *   step: Extract<import("../../state/files/importing.js").Step, { is: "files" }> }} props
 */
export function FilesPreview({ importing, step }) {
  const { preview, choices, campaigns, isBusy, words } = step;
  const open = undecided(preview.things, choices);
  const count = chosenCount(preview, choices);
  const needsCampaign = preview.things.length > 0 || preview.facts.count > 0;
  const hasThings = preview.things.some((each) => !choices.read_notes || each.action !== "skip");
  const accept = (/** @type {Event} */ event) => {
    event.preventDefault();
    attempt(async () => {
      const read = await importing.accept();
      if (read && path.value === "/import") navigate(`/reviews/${read}`);
    });
  };
  const goTo = (/** @type {any} */ event) => attempt(() => importing.lookAgain(choices, event.currentTarget.value));
  const setAll = (/** @type {"here" | "file"} */ side) => importing.choose(chooseAll(choices, preview.things, side));
  return html`<form class="import__card" aria-labelledby="files-title" onSubmit=${accept}>
    <p class="book__over">${preview.label}</p>
    <h2 class="import__name" id="files-title">${preview.title}</h2>
    <p class="quiet">${t.from(preview.files, sizeWords(preview.bytes))}</p>
    <${Warnings} warnings=${preview.warnings} />
    ${words && html`<p class="note note--trouble" role="alert">${words}</p>`}
    ${
      campaigns.length === 0
        ? needsCampaign && html`<${FirstCampaign} importing=${importing} title=${campaignNameOf(preview)} />`
        : html`<label class="import__field">${t.campaign}<select class="field" value=${preview.campaign_id ?? ""} disabled=${isBusy} onChange=${goTo}>
          ${campaigns.map((each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}</select></label>`
    }
    ${preview.notes && html`<${NotesReading} importing=${importing} step=${step} notes=${preview.notes} />`}
    ${
      open.length > 0 &&
      html`<div class="note note--trouble" role="status"><p>${t.conflicts(open.length)}</p>
      <div class="button-row"><button type="button" class="button button--small" onClick=${() => setAll("here")}>${t.allMine}</button>
      <button type="button" class="button button--small" onClick=${() => setAll("file")}>${t.allFile}</button></div></div>`
    }
    ${preview.columns.length > 0 && html`<${FoundColumns} importing=${importing} step=${step} />`}
    ${hasThings && html`<${FoundThings} importing=${importing} step=${step} />`}
    ${preview.facts.count > 0 && html`<${FoundFacts} importing=${importing} step=${step} />`}
    ${preview.relations > 0 && html`<p class="quiet">${t.relations(preview.relations)}</p>`}
    ${
      preview.talk.length > 0 &&
      html`<fieldset class="import__part"><legend>${t.talk}</legend><ul class="found">${preview.talk.map(
        (
          one,
        ) => html`<li key=${one.number}><label class="found__take"><input type="checkbox" checked=${!choices.skip_talk.includes(one.number)}
          onChange=${(/** @type {any} */ event) => importing.choose({ ...choices, skip_talk: withOrWithout(choices.skip_talk, one.number, !event.currentTarget.checked) })} />
          <span class="found__name">${one.title}</span> <span class="quiet">${counts.messages(one.messages)}</span></label></li>`,
      )}</ul></fieldset>`
    }
    <${Report} report=${preview} />
    ${count === 0 && html`<p class="note">${t.nothing}</p>`}
    <div class="button-row">
      <button type="submit" class="button button--accent" disabled=${isBusy || count === 0 || (needsCampaign && !preview.campaign_id)}>${choices.read_notes ? html`<${Icon} name="scroll-text" /> ${readingNotes.start}` : html`<${Icon} name="upload" /> ${archives.import}`}</button>
      <button type="button" class="button" onClick=${() => attempt(() => importing.forget())}>${archives.otherFile}</button>
    </div>
  </form>`;
}

/** Whoever has no campaign yet makes it here. @param {{ importing: import("../../state/files/importing.js").Importing, title: string }} props */
function FirstCampaign({ importing, title }) {
  const [name, setName] = useState(title);
  const make = () => attempt(() => importing.makeCampaign(name));
  return html`<div class="note"><label class="import__field">${t.needsCampaign}
    <input class="field" maxlength="200" aria-label=${t.campaignName} value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} /></label>
    <div class="button-row"><button type="button" class="button" disabled=${name.trim() === ""} onClick=${make}>${t.makeCampaign}</button></div></div>`;
}
