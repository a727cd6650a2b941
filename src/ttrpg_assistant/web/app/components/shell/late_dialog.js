import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { campaignToExport } from "../../state/files/exporting.js";
import { askedManifest } from "../../state/talk/asked_manifest.js";
import { askedMemory } from "../../state/talk/memory.js";
import { modelChooserOpen } from "../../state/models/model_chooser.js";

/** Dialogs that few open: each is fetched when it is first asked for. */
export function LateDialogs() {
  return html`<${Late} asked=${askedManifest.value} fetch=${() => import("../talk/manifest_dialog.js")} />
    <${Late} asked=${askedMemory.value} fetch=${() => import("../talk/memory_dialog.js")} />
    <${Late} asked=${campaignToExport.value?.id ?? null} fetch=${() => import("../archive/export_asked.js")} />
    <${Late} asked=${modelChooserOpen.value ? "models" : null} fetch=${() => import("../models/model_chooser.js")} />`;
}

/** @param {{ asked: string | null, fetch: () => Promise<{ default: any }> }} props */
function Late({ asked, fetch }) {
  const [Part, setPart] = useState(/** @type {any} */ (null));
  useEffect(() => {
    if (asked && !Part) fetch().then((module) => setPart(() => module.default));
  }, [asked]);
  return asked && Part ? html`<${Part} key=${asked} />` : null;
}
