import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { askedManifest } from "../state/asked_manifest.js";

/** A dialog that few open: fetched when it is first asked for. */
export function LateManifest() {
  const asked = askedManifest.value;
  const [Part, setPart] = useState(/** @type {any} */ (null));
  useEffect(() => {
    if (asked && !Part) import("./manifest_dialog.js").then((module) => setPart(() => module.default));
  }, [asked]);
  return asked && Part ? html`<${Part} />` : null;
}
