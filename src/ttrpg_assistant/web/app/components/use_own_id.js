import { useState } from "preact/hooks";
import { newId } from "../identity.js";

/**
 * An id for an element that another names. Preact's own `useId` counts anew in each part of the page
 * that is drawn by itself, as a card in a message's text is: two elements would have the same one.
 */
export function useOwnId() {
  return useState(() => `e${newId()}`)[0];
}
