import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { sizeWords } from "../../models/file_words.js";
import { useApp } from "../../state/app.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";

/**
 * Saves something as a file: which kind, how much has come, where it went, and what went wrong.
 *
 * @typedef {{ id: string, label: string, words: string, path: string }} FileKind
 * @typedef {{ is: "choosing" } | { is: "fetching", received: number } | { is: "saved", name: string, size: number }
 *   | { is: "failed", words: string }} Step
 *
 * @param {{ title: string, kinds: FileKind[], onClose: () => void }} props
 */
export function ExportDialog({ title, kinds, onClose }) {
  const { api } = useApp();
  const [chosen, setChosen] = useState(kinds[0]);
  const [step, setStep] = useState(/** @type {Step} */ ({ is: "choosing" }));
  const calling = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => calling.current?.abort(), []);

  const save = async () => {
    const mine = new AbortController();
    calling.current = mine;
    setStep({ is: "fetching", received: 0 });
    let told = 0;
    const onBytes = (/** @type {number} */ received) => {
      if (received - told < 200_000) return;
      told = received;
      setStep({ is: "fetching", received });
    };
    try {
      const { file, name } = await api.download(chosen.path, { signal: mine.signal, onBytes });
      if (mine.signal.aborted) return;
      keep(file, name);
      setStep({ is: "saved", name, size: file.size });
    } catch (error) {
      const { detail, cure } = /** @type {any} */ (error);
      if (!detail) throw error;
      if (!mine.signal.aborted) setStep({ is: "failed", words: [detail, cure].filter(Boolean).join(" ") });
    }
  };
  const stop = () => {
    calling.current?.abort();
    setStep({ is: "choosing" });
  };
  const busy = step.is === "fetching";
  return html`<${Dialog} title=${title} onClose=${onClose}>
    <fieldset class="file-kinds" disabled=${busy}>
      <legend class="sr-only">Kind of file</legend>
      ${kinds.map(
        (kind) => html`<label class="file-kind" key=${kind.id}>
        <input type="radio" name="file-kind" checked=${kind.id === chosen.id} onChange=${() => {
          setChosen(kind);
          setStep({ is: "choosing" });
        }} />
        <span class="file-kind__name">${kind.label}</span><span class="file-kind__words">${kind.words}</span></label>`,
      )}
    </fieldset>
    <div class="file-step" role="status">
      ${
        busy &&
        html`<progress class="progress" aria-label="The file is being made"></progress>
        <p class="quiet">${step.received ? `${sizeWords(step.received)} so far…` : "The file is being made…"}</p>`
      }
      ${step.is === "saved" && html`<p class="note note--well"><${Icon} name="circle-check" /> “${step.name}” (${sizeWords(step.size)}) is with this browser's downloads.</p>`}
    </div>
    ${step.is === "failed" && html`<p class="note note--trouble" role="alert">${step.words}</p>`}
    <div class="button-row button-row--end">
      ${
        busy
          ? html`<button type="button" class="button" onClick=${stop}>Cancel</button>`
          : html`<button type="button" class="button" onClick=${onClose}>${step.is === "saved" ? "Done" : "Cancel"}</button>
          <button type="button" class=${`button ${step.is === "saved" ? "" : "button--accent"}`} onClick=${save}><${Icon} name="download" />
            ${step.is === "failed" ? "Try again" : step.is === "saved" ? "Save it again" : "Save the file"}</button>`
      }
    </div>
  </${Dialog}>`;
}

/** Hands a file to the browser's downloads. @param {Blob} file @param {string} name */
function keep(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** One conversation. @param {{ id: string, onClose: () => void }} props */
export function ExportTalk({ id, onClose }) {
  const path = `/api/conversations/${id}/export`;
  return html`<${ExportDialog} title="Export this conversation" onClose=${onClose} kinds=${[
    {
      id: "markdown",
      label: "Markdown",
      words: "To read and print: what is on the page, from first to last.",
      path: `${path}?format=markdown`,
    },
    {
      id: "jsonl",
      label: "JSON Lines",
      words: "For other programs: every message of every branch, one a line.",
      path: `${path}?format=jsonl`,
    },
  ]} />`;
}

/** A campaign, or its talk. @param {{ campaign: { id: string, name: string }, onClose: () => void }} props */
export function ExportCampaign({ campaign, onClose }) {
  const path = `/api/campaigns/${campaign.id}`;
  return html`<${ExportDialog} title=${`Export ${campaign.name}`} onClose=${onClose} kinds=${[
    {
      id: "archive",
      label: "Everything, as an archive",
      words:
        "NPCs, locations, secrets, game sessions and all conversations with their branches, in one file that can be imported again, here or elsewhere.",
      path: `${path}/archive`,
    },
    {
      id: "markdown",
      label: "All conversations as Markdown",
      words: "To read and print: its conversations one after another.",
      path: `${path}/talk?format=markdown`,
    },
    {
      id: "jsonl",
      label: "All conversations as JSON Lines",
      words: "For other programs: every message of every branch, one a line.",
      path: `${path}/talk?format=jsonl`,
    },
  ]} />`;
}
