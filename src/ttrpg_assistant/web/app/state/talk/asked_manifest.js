import { signal } from "@preact/signals";

/** The answer for which the page shows what the model read, or null. */
export const askedManifest = signal(/** @type {string | null} */ (null));
