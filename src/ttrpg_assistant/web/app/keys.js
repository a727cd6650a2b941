/**
 * Keys that work anywhere on the page, and the list that `?` shows.
 *
 * @typedef {object} Key
 * @property {string} keys as shown, for example "Ctrl K"
 * @property {string} what
 * @property {(event: KeyboardEvent) => boolean} [when] matches the event; without it the key is only listed
 * @property {(event: KeyboardEvent) => void} [run]
 * @property {boolean} [whileTyping] also works in a text field
 */

const known = /** @type {Key[]} */ ([]);

/**
 * In a layout effect: a key works as soon as what it belongs to is seen.
 * @param {...Key} keys @returns {() => void} takes them back
 */
export function registerKeys(...keys) {
  known.push(...keys);
  return () => keys.forEach((key) => known.splice(known.indexOf(key), 1));
}

export function listKeys() {
  return known;
}

/** @param {KeyboardEvent} event */
export function hearKey(event) {
  if (event.defaultPrevented || !keyOf(event)) return;
  const typing = isTyping(event.target);
  // The newest first: an open screen may answer a key before the page does.
  for (const key of [...known].reverse()) {
    if (!key.run || !key.when?.(event) || (typing && !key.whileTyping)) continue;
    event.preventDefault();
    key.run(event);
    return;
  }
}

/** Which of the digits 1 to 9 was pressed, whatever Shift makes of it; 0 for none. @param {KeyboardEvent} event */
export function digitOf(event) {
  return keyOf(event) ? Number(/^Digit([1-9])$/.exec(event.code)?.[1] ?? 0) : 0;
}

/** Whether just this key was pressed, and no dialog is open that it might be meant for. @param {KeyboardEvent} event @param {string} key */
export function isFree(event, key) {
  const command = event.ctrlKey || event.metaKey || event.altKey;
  return keyOf(event) === key && !command && !document.querySelector("dialog[open]");
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

/** Ctrl, or Command on a Mac. @param {KeyboardEvent} event */
export function withCommand(event) {
  return (event.ctrlKey || event.metaKey) && !event.altKey;
}

/**
 * The name of the key that was pressed; nothing while it belongs to an input method, where Enter
 * confirms a word, Escape drops it and arrows choose another. Safari ends the word before it tells
 * of the key, and then only the code of the key says whose it is. Every listener asks here.
 * @param {KeyboardEvent} event
 */
export function keyOf(event) {
  return event.isComposing || event.keyCode === 229 ? "" : event.key;
}
