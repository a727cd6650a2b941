import { signal } from "@preact/signals";

/** The answer whose making is looked at ("What did it see?"), or null. */
export const askedManifest = signal(/** @type {string | null} */ (null));
