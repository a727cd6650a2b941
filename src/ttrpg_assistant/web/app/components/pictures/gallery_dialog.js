import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { usePictures } from "../../state/pictures/pictures.js";
import { toast } from "../../state/notices.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { useOwnId } from "../use_own_id.js";
import { controls } from "../../words/en/controls.js";
import { gallery as t } from "../../words/en/gallery.js";
import { pictures } from "../../words/en/pictures.js";

/**
 * A picture of a gallery as large as there is room, its caption, and who may see it.
 *
 * @param {{ picture: import("../../types.js").Picture, title: string, state: import("../../state/pictures/gallery.js").Gallery,
 *   onClose: () => void }} props
 */
export function GalleryDialog({ picture, title, state, onClose }) {
  const held = usePictures();
  const id = useOwnId();
  const [caption, setCaption] = useState(picture.caption);
  const [audience, setAudience] = useState(picture.audience);
  // The small version has the same shape: nothing moves when the picture itself arrives.
  const source = held.source(picture, "full").value ?? held.source(picture, "thumb").value;
  const isSame = caption.trim() === picture.caption && audience === picture.audience;
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (await state.change(picture, { caption, audience })) toast(controls.saved);
  };
  const remove = async () => (await state.remove(picture)) && onClose();
  return html`<${Dialog} title=${title} kind="wide" onClose=${onClose}>
    <div class="picture">
      <img class="picture__image" src=${source ?? undefined} alt=${title} width=${picture.width} height=${picture.height} />
      <form class="picture__form" onSubmit=${save}>
        <div class="field-group"><label for=${id}>${t.caption}</label>
          <p id=${`${id}-hint`} class="field-hint">${t.captionHint}</p>
          <input id=${id} class="field" value=${caption} maxlength="2000" aria-describedby=${`${id}-hint`} onInput=${(/** @type {any} */ event) => setCaption(event.currentTarget.value)} /></div>
        <div class="field-group"><label for=${`${id}-audience`}>${t.audience}</label>
          <select id=${`${id}-audience`} class="field" onChange=${(/** @type {any} */ event) => setAudience(event.currentTarget.value)}>
            ${t.audiences.map(([value, words]) => html`<option key=${value} value=${value} selected=${value === audience}>${words}</option>`)}</select></div>
        <div class="button-row">
          <button type="submit" class="button button--accent" disabled=${isSame}>${controls.save}</button>
          <button type="button" class="button button--danger" onClick=${remove}><${Icon} name="trash-2" /> ${pictures.remove}</button>
        </div>
      </form>
    </div>
  </${Dialog}>`;
}
