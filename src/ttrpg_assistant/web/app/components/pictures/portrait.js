import { html } from "../../html.js";
import { lettersOf } from "../../models/scene_turns.js";
import { usePictures } from "../../state/pictures/pictures.js";

/**
 * The portrait of a thing beside its name, small; its letters where it has none. It takes the same room either way.
 *
 * @param {{ campaignId: string, thingId: string, name: string, place?: number, large?: boolean }} props
 *   `place` tells the voices of a scene apart
 */
export function Portrait({ campaignId, thingId, name, place, large = false }) {
  const pictures = usePictures();
  const picture = pictures.portraitOf(campaignId, thingId).value;
  const source = picture ? pictures.source(picture, "thumb").value : null;
  return html`<span class=${`portrait monogram ${large ? "portrait--large" : ""}`} data-voice=${place} aria-hidden="true">
    ${source ? html`<img class="portrait__image" src=${source} alt="" width="64" height="64" draggable=${false} />` : lettersOf(name)}
  </span>`;
}
