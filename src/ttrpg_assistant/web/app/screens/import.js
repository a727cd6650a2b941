import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { ArchivePreview } from "../components/archive/archive_preview.js";
import { ChooseFile } from "../components/archive/choose_file.js";
import { Arriving, Failed, Restored, Taken } from "../components/archive/arriving.js";
import { StartedReviews } from "../components/reviews/started_reviews.js";
import { TranscriptPreview } from "../components/archive/transcript_preview.js";
import { FilesPreview } from "../components/imports/files_preview.js";
import { Imported } from "../components/imports/imported.js";
import { useApp } from "../state/app.js";
import { importingOf } from "../state/files/importing.js";
import { attempt } from "../state/notices.js";
import { screens } from "../words/en/screens.js";
import { archives } from "../words/en/archives.js";

/** Campaigns and transcripts, out of files: looked at first, then taken in. */
export default function ImportScreen() {
  const importing = importingOf(useApp());
  useEffect(() => {
    attempt(() => importing.takeUp());
  }, [importing]);
  return html`<div class="book"><div class="book__page import">
    <header class="book__head"><div><p class="book__over"><a href="/campaigns">${screens.campaigns}</a></p>
      <h1 class="book__title">${archives.import}</h1></div></header>
    <${Step} importing=${importing} />
  </div></div>`;
}

/** @param {{ importing: import("../state/files/importing.js").Importing }} props */
function Step({ importing }) {
  const step = importing.step.value;
  if (step.is === "archive") return html`<${ArchivePreview} importing=${importing} step=${step} />`;
  if (step.is === "transcript") return html`<${TranscriptPreview} importing=${importing} step=${step} />`;
  if (step.is === "files") return html`<${FilesPreview} importing=${importing} step=${step} />`;
  if (step.is === "imported") return html`<${Imported} importing=${importing} step=${step} />`;
  if (step.is === "restored") return html`<${Restored} importing=${importing} step=${step} />`;
  if (step.is === "taken") return html`<${Taken} importing=${importing} step=${step} />`;
  if (step.is === "failed") return html`<${Failed} importing=${importing} words=${step.words} />`;
  if (step.is === "choosing")
    return html`<${StartedReviews} /><${ChooseFile} importing=${importing} words=${step.words ?? ""} isTrouble=${step.isTrouble ?? false} />`;
  return html`<${Arriving} importing=${importing} step=${step} />`;
}
