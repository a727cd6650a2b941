/**
 * Whoever works by keyboard keeps their place. A button that does its work often goes away with it
 * (Stop, Continue, Forget) or can no longer be pressed (Save), and the browser then puts the focus
 * on the page as a whole: the next Tab begins at the top. Here it goes to what is nearest instead.
 */
const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";

/** So many elements before the one that is left are remembered. */
const BEFORE = 5;

/** A button that is off for less than this, in milliseconds, keeps the focus. */
const PATIENCE = 250;

/** @typedef {{ element: HTMLElement, around: HTMLElement[], before: HTMLElement[], isOff: boolean }} Place */

/** Keeps the focus from now on. @param {Document} page */
export function keepFocus(page) {
  let place = /** @type {Place | null} */ (null);
  let lent = /** @type {{ from: HTMLElement, to: HTMLElement } | null} */ (null);
  page.addEventListener("focusin", (event) => {
    const element = /** @type {HTMLElement} */ (event.target);
    place = element.matches(":focus-visible") ? placeOf(element) : null;
    if (element !== lent?.to) lent = null;
  });
  // A press elsewhere is meant.
  page.addEventListener("pointerdown", () => (place = lent = null), { capture: true });

  /** @param {Place} left */
  const isLost = (left) => [null, page.body, left.element].includes(/** @type {any} */ (page.activeElement));
  /** @param {Place} left */
  const move = (left) => {
    if (place !== left || !isLost(left) || canHold(left.element)) return;
    const to = nearest(left);
    place = null;
    lent = to && left.element.isConnected ? { from: left.element, to } : null;
    to?.focus({ preventScroll: true });
  };
  const look = () => {
    if (lent && page.activeElement === lent.to && canHold(lent.from)) return lent.from.focus({ preventScroll: true });
    if (!place || !isLost(place)) return;
    const left = place;
    if (!left.element.isConnected) move(left);
    else if (!canHold(left.element)) {
      if (!left.isOff) setTimeout(() => move(left), PATIENCE);
      left.isOff = true;
    } else if (left.isOff && page.activeElement !== left.element) {
      // It is on again before anybody noticed.
      left.element.focus({ preventScroll: true });
    }
  };
  new MutationObserver(look).observe(page.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["disabled", "hidden"],
  });
}

/** @param {HTMLElement} element @returns {Place} */
function placeOf(element) {
  const around = [];
  for (let at = element.parentElement; at; at = at.parentElement) around.push(at);
  const scope = element.closest("dialog, [role=dialog], article, form, section, main, nav") ?? element.ownerDocument;
  const all = /** @type {HTMLElement[]} */ ([...scope.querySelectorAll(FOCUSABLE)]);
  const at = all.indexOf(element);
  return { element, around, before: at > 0 ? all.slice(Math.max(0, at - BEFORE), at).reverse() : [], isOff: false };
}

/** @param {Place} place @returns {HTMLElement | null} */
function nearest({ around, before }) {
  const writing = around.find((each) => each.isConnected && each.matches(".composer"))?.querySelector("textarea");
  if (writing && canHold(writing)) return writing;
  const message = around.find((each) => each.isConnected && each.matches("article[tabindex]"));
  if (message) return message;
  const earlier = before.find(canHold);
  if (earlier) return earlier;
  const left = around.filter((each) => each.isConnected);
  for (const each of left) {
    if (each.hasAttribute("tabindex")) return each;
    const inside = /** @type {HTMLElement[]} */ ([...each.querySelectorAll(FOCUSABLE)]).find(canHold);
    if (inside) return inside;
  }
  return null;
}

/** @param {HTMLElement} element */
function canHold(element) {
  return element.isConnected && !element.matches(":disabled") && element.checkVisibility();
}
