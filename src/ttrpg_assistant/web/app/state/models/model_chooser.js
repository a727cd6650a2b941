import { signal } from "@preact/signals";

/** Whether the dialog in which a model is chosen is open. */
export const modelChooserOpen = signal(false);
