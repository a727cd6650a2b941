import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { navigate } from "../../router.js";
import { useApp } from "../../state/app.js";
import { droppedFiles, holdsFiles } from "../../state/files/sent_files.js";
import { attempt } from "../../state/notices.js";
import { imports as t } from "../../words/en/imports.js";

/** Files dropped anywhere are looked at on the import screen; where pictures are dropped, they are pictures. */
export function DropAnywhere() {
  const app = useApp();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (/** @type {DragEvent} */ event) => {
      if (event.defaultPrevented || !holdsFiles(event.dataTransfer)) return setOver(false);
      event.preventDefault();
      setOver(true);
    };
    const leave = (/** @type {DragEvent} */ event) => event.relatedTarget === null && setOver(false);
    const drop = (/** @type {DragEvent} */ event) => {
      setOver(false);
      if (event.defaultPrevented || !holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      attempt(async () => {
        const files = await droppedFiles(event.dataTransfer);
        const { importingOf } = await import("../../state/files/importing.js");
        navigate("/import");
        await importingOf(app).lookAll(files);
      });
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [app]);
  return isOver ? html`<div class="drop-anywhere" role="status">${t.dropAnywhere}</div>` : null;
}
