import { signal } from "@preact/signals";

/** The campaign whose export is asked for, or null. */
export const campaignToExport = signal(/** @type {{ id: string, name: string } | null} */ (null));
