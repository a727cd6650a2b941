import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "../../html.js";
import { ACCEPTED, picturesIn } from "../../models/picture_files.js";
import { useApp } from "../../state/app.js";
import { usePictures } from "../../state/pictures/pictures.js";
import { PortraitUpload } from "../../state/pictures/portrait_upload.js";
import { pictures as t } from "../../words/en/pictures.js";
import { Icon } from "../icon.js";
import { PictureDialog } from "./picture_dialog.js";
import { Portrait } from "./portrait.js";
import { takeFile } from "./take_file.js";
import { usePasted } from "./use_pasted.js";

/**
 * The portrait on a thing's own page: chosen, dropped or pasted here; shown large, described, replaced and removed
 * in its dialog. Any kind of thing can have one.
 *
 * @param {{ campaignId: string, kind: string, thingId: string, name: string }} props
 */
export function PortraitFrame(props) {
  const { campaignId, kind, thingId, name } = props;
  const app = useApp();
  const pictures = usePictures();
  const upload = useMemo(() => new PortraitUpload(app, pictures, { campaignId, kind, thingId, name }), [thingId, name]);
  useEffect(() => () => upload.stop(), [upload]);
  const [open, setOpen] = useState(false);
  const [over, setOver] = useState(false);
  const picture = pictures.portraitOf(campaignId, thingId).value;
  const add = (/** @type {File | null} */ file) => upload.add(file, Boolean(picture));
  usePasted(([first]) => add(first));
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    add(picturesIn(event.dataTransfer)[0] ?? null);
  };
  const hover = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(true);
  };
  const shown = html`<${Portrait} campaignId=${campaignId} thingId=${thingId} name=${name} large />`;
  const share = upload.share.value;
  // All of it was sent: the server reads it now, for as long as that takes.
  const sending =
    share !== null &&
    html`<progress class="frame__progress" aria-label=${t.adding} max="1" value=${share < 1 ? share : undefined}></progress>`;
  const show = () => {
    upload.trouble.value = "";
    setOpen(true);
  };
  return html`<div class=${`frame ${over ? "frame--over" : ""}`} onDragOver=${hover} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    ${
      picture
        ? html`<button type="button" class="frame__face" aria-label=${t.show(name)} title=${picture.caption || t.show(name)} onClick=${show}>${shown}${sending}</button>`
        : html`<label class="frame__face" title=${t.howToAdd}>${shown}
          <span class="frame__add"><${Icon} name="plus" /></span>${sending}
          <input type="file" class="frame__file" accept=${ACCEPTED} aria-label=${t.add(name)} aria-description=${t.howToAdd}
            onChange=${(/** @type {any} */ event) => add(takeFile(event.currentTarget))} /></label>`
    }
    ${upload.trouble.value && html`<p class="frame__trouble note note--trouble" role="alert">${upload.trouble.value}</p>`}
    ${open && picture && html`<${PictureDialog} picture=${picture} name=${name} upload=${upload} onClose=${() => setOpen(false)} />`}
  </div>`;
}
