import { batch, signal } from "@preact/signals";
import { stripEnd } from "./models/strip.js";

/**
 * Which screen is shown, from the address. Routes are listed in `routes.js`.
 *
 * @typedef {object} Route
 * @property {string} path with `:names` for what varies
 * @property {string} title
 * @property {() => Promise<{ default: any }>} screen
 * @property {{ label: string, icon: string }} [rail] an entry of the rail
 *
 * @typedef {{ route: Route, params: Record<string, string> }} Place
 */

/** The path in the address bar. */
export const path = signal(location.pathname);

/** What stands behind it, from the question mark on: which part of a screen is shown. */
export const query = signal(location.search);

/** Counts the times the address was asked for that is shown already. */
export const again = signal(0);

addEventListener("popstate", read);

function read() {
  batch(() => {
    path.value = location.pathname;
    query.value = location.search;
  });
}

/** @param {string} to @param {{ replace?: boolean }} [options] */
export function navigate(to, { replace = false } = {}) {
  if (to === location.pathname + location.search) {
    if (!replace) again.value += 1;
    return;
  }
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  read();
}

/**
 * The route for a path.
 * @param {Route[]} routes
 * @param {string} at
 * @returns {Place | null}
 */
export function match(routes, at) {
  for (const route of routes) {
    const params = matchOne(route.path, at);
    if (params) return { route, params };
  }
  return null;
}

/** @param {string} pattern @param {string} at @returns {Record<string, string> | null} */
function matchOne(pattern, at) {
  const wanted = pattern.split("/");
  const given = stripEnd(at, "/").split("/");
  if (wanted.length !== given.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (let index = 0; index < wanted.length; index += 1) {
    const word = decoded(given[index]);
    if (word === null) return null;
    if (wanted[index].startsWith(":")) params[wanted[index].slice(1)] = word;
    else if (wanted[index] !== given[index]) return null;
  }
  return params;
}

/** A part of an address as it was meant; null where a mark stands for nothing (`%`, `%zz`). @param {string} part */
export function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return null;
  }
}

/** Makes ordinary links move within the page. @param {MouseEvent} event */
export function followPageLink(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = /** @type {Element} */ (event.target).closest?.('a[href^="/"]');
  if (!link || link.hasAttribute("download") || link.getAttribute("target")) return;
  event.preventDefault();
  navigate(/** @type {string} */ (link.getAttribute("href")));
}
