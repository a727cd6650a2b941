import { html } from "../../html.js";
import { cutText } from "../../models/characters.js";
import { navigate } from "../../router.js";
import { nameOf } from "../../state/campaign/campaign_kinds.js";
import { useApp } from "../../state/app.js";
import { attempt } from "../../state/notices.js";
import { readingNotes as t } from "../../words/en/reading_notes.js";
import { Icon } from "../icon.js";

/** A shorter text a person has read sooner. */
const LEAST = 300;

/**
 * The way from the text of a handout to suggestions: it is looked at as notes are.
 * @param {{ kind: import("../../state/campaign/campaign_kinds.js").Kind, entity: any }} props
 */
export function ReadText({ kind, entity }) {
  const app = useApp();
  if (kind.name !== "handout" || (entity.text ?? "").length < LEAST) return null;
  const read = () =>
    attempt(async () => {
      const { importingOf } = await import("../../state/files/importing.js");
      navigate("/import");
      await importingOf(app).lookAtText(cutText(nameOf(kind, entity), 200), entity.text, entity.campaign_id);
    });
  return html`<button type="button" class="button" onClick=${read}><${Icon} name="scroll-text" /> ${t.readText}</button>`;
}
