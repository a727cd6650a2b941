import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { keyOf } from "../../keys.js";
import { inGallery, inOrder, moved, placeBeside } from "../../models/gallery_order.js";
import { ACCEPTED, picturesIn } from "../../models/picture_files.js";
import { useApp } from "../../state/app.js";
import { useFetched } from "../../state/fetched.js";
import { announce } from "../../state/notices.js";
import { Gallery as GalleryState } from "../../state/pictures/gallery.js";
import { usePictures } from "../../state/pictures/pictures.js";
import { Icon, IconButton } from "../icon.js";
import { GalleryDialog } from "./gallery_dialog.js";
import { usePasted } from "./use_pasted.js";
import { gallery as t } from "../../words/en/gallery.js";
import { controls } from "../../words/en/controls.js";

/** As many as one thing can have. */
const ALL = 100;

/**
 * The further pictures of a thing, on its sheet: added, captioned, ordered, shown to some, removed.
 *
 * @typedef {import("../../types.js").Picture} Picture
 *
 * @param {{ campaignId: string, kind: import("../../state/campaign/campaign_kinds.js").Kind, thingId: string, name: string }} props
 */
export function Gallery({ campaignId, kind, thingId, name }) {
  const app = useApp();
  const fetched = useFetched(
    async (signal) => {
      const at = `/api/campaigns/${campaignId}/pictures?kind=${kind.name}&thing_id=${thingId}&limit=${ALL}`;
      return /** @type {Picture[]} */ ((await app.api.get(at, { signal })).pictures);
    },
    [campaignId, thingId],
    ({ event, id }) => event === "removal" || (event === "pictures" && id === thingId),
  );
  const pull = useRef(fetched.pull);
  pull.current = fetched.pull;
  const state = useMemo(
    () => new GalleryState(app, { campaignId, kind: kind.name, thingId }, () => pull.current()),
    [thingId],
  );
  useEffect(() => () => state.stop(), [state]);
  const [open, setOpen] = useState(/** @type {string | null} */ (null));
  const [over, setOver] = useState(false);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const add = (/** @type {File[]} */ files) => state.add(files);
  usePasted(add, kind.shownInPictures);
  const all = inOrder(fetched.value ?? [], state.order.value);
  const shown = inGallery(all);
  const picture = shown.find(({ id }) => id === open);
  const called = (/** @type {Picture} */ one) => one.caption || t.one(shown.indexOf(one) + 1, name);

  const move = async (/** @type {Picture} */ one, /** @type {1 | -1} */ step) => {
    const place = placeBeside(all, one.id, step);
    if (place === null) return;
    const order = moved(all, one.id, place);
    announce(t.movedTo(inGallery(order).indexOf(one) + 1, shown.length));
    const ids = order.map(({ id }) => id);
    await state.move(one, place, ids);
    const focused = list.current?.querySelector(`[data-picture="${one.id}"]`);
    if (focused instanceof HTMLElement && !list.current?.contains(document.activeElement)) focused.focus();
  };
  const key = (/** @type {KeyboardEvent} */ event, /** @type {Picture} */ one) => {
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[keyOf(event)];
    if (!step || !event.altKey) return;
    event.preventDefault();
    move(one, /** @type {1 | -1} */ (step));
  };
  const choose = (/** @type {any} */ event) => {
    const files = [...event.currentTarget.files];
    event.currentTarget.value = "";
    add(files);
  };
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(false);
    add(picturesIn(event.dataTransfer));
  };
  const hover = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(true);
  };
  const adding = state.adding.value;
  return html`<section class=${`gallery ${over ? "gallery--over" : ""}`} aria-label=${t.title}
    onDragOver=${hover} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    <header class="gallery__head"><h2>${t.title}</h2>
      <label class="button button--small picture__replace" title=${t.howToAdd}><${Icon} name="plus" /> ${t.add}
        <input type="file" class="frame__file" multiple accept=${ACCEPTED} aria-label=${t.add} aria-description=${t.howToAdd} onChange=${choose} /></label></header>
    ${fetched.fault && !fetched.value && html`<p class="note note--trouble" role="alert">${fetched.fault.detail} <button type="button" class="link-button" onClick=${fetched.pull}>${controls.retry}</button></p>`}
    ${fetched.value && shown.length === 0 && !adding && html`<p class="quiet">${t.none}</p>`}
    <ul class="gallery__all" ref=${list}>${shown.map((one, at) => {
      const words = called(one);
      return html`<li class="gallery__one" key=${one.id}>
        <button type="button" class="gallery__face" data-picture=${one.id} aria-label=${t.show(words)} aria-description=${t.keys}
          onClick=${() => setOpen(one.id)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => key(event, one)}><${Small} picture=${one} /></button>
        <p class="gallery__caption">${one.caption}</p>
        <div class="gallery__tools"><span class=${`chip ${one.audience === "gm" ? "chip--secret" : ""}`}>${one.audience === "gm" && html`<${Icon} name="eye-off" />`} ${audienceOf(one)}</span>
          <${IconButton} icon="chevron-left" label=${t.earlier(words)} disabled=${at === 0} onClick=${() => move(one, -1)} />
          <${IconButton} icon="chevron-right" label=${t.later(words)} disabled=${at === shown.length - 1} onClick=${() => move(one, 1)} /></div>
      </li>`;
    })}</ul>
    ${
      adding &&
      html`<p class="gallery__adding" role="status">${t.adding(adding.at, adding.of)}
        <progress aria-label=${t.adding(adding.at, adding.of)} max="1" value=${adding.share < 1 ? adding.share : undefined}></progress></p>`
    }
    ${state.trouble.value && html`<p class="note note--trouble" role="alert">${state.trouble.value}</p>`}
    ${picture && html`<${GalleryDialog} key=${picture.id} picture=${picture} title=${called(picture)} state=${state} onClose=${() => setOpen(null)} />`}
  </section>`;
}

/** @param {{ picture: Picture }} props */
function Small({ picture }) {
  const source = usePictures().source(picture, "thumb").value;
  return html`<img class="gallery__image" src=${source ?? undefined} alt="" width=${picture.width} height=${picture.height} draggable=${false} />`;
}

/** @param {Picture} picture */
function audienceOf({ audience }) {
  return t.audiences.find(([value]) => value === audience)?.[1] ?? audience;
}
