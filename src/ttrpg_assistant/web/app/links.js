import { signal } from "@preact/signals";
import { decoded, navigate } from "./router.js";

/**
 * What happens when a link in a message is followed: references into the campaign are shown on
 * the page, addresses outside are shown to the reader first.
 *
 * @typedef {(ref: string) => string | null} RefRoute the page's path for a reference of one kind
 */

/** The outside address the reader is asked about, or null. */
export const asked = signal(/** @type {string | null} */ (null));

const routes = /** @type {Map<string, RefRoute>} */ (new Map());

/** Says where `ttrpg:kind/ref` links lead. @param {string} kind @param {RefRoute} route */
export function routeRefs(kind, route) {
  routes.set(kind, route);
}

/** Handles a click inside rendered text, also of the middle button. @param {MouseEvent} event */
export function follow(event) {
  const link = /** @type {Element} */ (event.target).closest("a[href]");
  // The links of a card lead to pages of ours, as everywhere.
  if (!link || event.button === 2 || link.closest(".card-place")) return;
  event.preventDefault();
  const address = link.getAttribute("href") ?? "";
  const found = /^ttrpg:([a-z_]+)\/(.+)$/i.exec(address);
  if (!found) {
    asked.value = address;
    return;
  }
  const ref = decoded(found[2]);
  const path = ref === null ? null : routes.get(found[1].toLowerCase())?.(ref);
  if (path && (event.button === 1 || event.ctrlKey || event.metaKey)) open(path);
  else if (path) navigate(path);
}
