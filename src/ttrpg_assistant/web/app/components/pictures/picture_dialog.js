import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { ACCEPTED } from "../../models/picture_files.js";
import { usePictures } from "../../state/pictures/pictures.js";
import { controls } from "../../words/en/controls.js";
import { pictures as t } from "../../words/en/pictures.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { useOwnId } from "../use_own_id.js";
import { takeFile } from "./take_file.js";

/**
 * A picture as large as there is room, its description, and what can be done with it.
 *
 * @param {{ picture: import("../../types.js").Picture, name: string, onClose: () => void,
 *   upload: import("../../state/pictures/portrait_upload.js").PortraitUpload }} props
 */
export function PictureDialog({ picture, name, upload, onClose }) {
  const pictures = usePictures();
  const id = useOwnId();
  const [caption, setCaption] = useState(picture.caption);
  // The small version has the same shape: nothing moves when the picture itself arrives.
  const source = pictures.source(picture, "full").value ?? pictures.source(picture, "thumb").value;
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    upload.describe(picture, caption);
  };
  const remove = async () => (await upload.remove(picture)) && onClose();
  return html`<${Dialog} title=${t.portraitOf(name)} kind="wide" onClose=${onClose}>
    <div class="picture">
      <img class="picture__image" src=${source} alt=${picture.caption || t.portraitOf(name)} width=${picture.width} height=${picture.height} />
      ${upload.share.value !== null && html`<progress class="picture__progress" aria-label=${t.adding} max="1" value=${upload.share.value}></progress>`}
      ${upload.trouble.value && html`<p class="note note--trouble" role="alert">${upload.trouble.value}</p>`}
      <form class="picture__form" onSubmit=${save}>
        <div class="field-group"><label for=${id}>${t.caption}</label>
          <input id=${id} class="field" value=${caption} maxlength="2000" aria-describedby=${`${id}-hint`} onInput=${(/** @type {any} */ event) => setCaption(event.currentTarget.value)} />
          <p id=${`${id}-hint`} class="quiet">${t.captionHint}</p></div>
        <div class="button-row">
          <button type="submit" class="button button--accent" disabled=${caption.trim() === picture.caption}>${controls.save}</button>
          <label class="button picture__replace"><${Icon} name="upload" /> ${t.replace}
            <input type="file" class="frame__file" accept=${ACCEPTED} onChange=${(/** @type {any} */ event) => upload.add(takeFile(event.currentTarget), true)} /></label>
          <button type="button" class="button button--danger" onClick=${remove}><${Icon} name="trash-2" /> ${t.remove}</button>
        </div>
      </form>
    </div>
  </${Dialog}>`;
}
