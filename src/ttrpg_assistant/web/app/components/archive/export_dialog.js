import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { sizeWords } from "../../models/file_words.js";
import { useApp } from "../../state/app.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { archives } from "../../words/en/archives.js";
import { controls } from "../../words/en/controls.js";

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
      <legend class="sr-only">${archives.kindOfFile}</legend>
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
        html`<progress class="progress" aria-label=${archives.making}></progress>
        <p class="quiet">${step.received ? archives.soFar(sizeWords(step.received)) : archives.making}</p>`
      }
      ${step.is === "saved" && html`<p class="note note--well"><${Icon} name="circle-check" /> ${archives.saved(step.name, sizeWords(step.size))}</p>`}
    </div>
    ${step.is === "failed" && html`<p class="note note--trouble" role="alert">${step.words}</p>`}
    <div class="button-row button-row--end">
      ${
        busy
          ? html`<button type="button" class="button" onClick=${stop}>${controls.cancel}</button>`
          : html`<button type="button" class="button" onClick=${onClose}>${step.is === "saved" ? controls.done : controls.cancel}</button>
          <button type="button" class=${`button ${step.is === "saved" ? "" : "button--accent"}`} onClick=${save}><${Icon} name="download" />
            ${step.is === "failed" ? controls.retry : step.is === "saved" ? archives.saveAgain : archives.saveFile}</button>`
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
  return html`<${ExportDialog} title=${archives.exportConversation} onClose=${onClose} kinds=${[
    {
      id: "markdown",
      label: archives.markdown,
      words: archives.markdownWords,
      path: `${path}?format=markdown`,
    },
    {
      id: "jsonl",
      label: archives.jsonLines,
      words: archives.jsonLinesWords,
      path: `${path}?format=jsonl`,
    },
  ]} />`;
}

/** A campaign, or its talk. @param {{ campaign: { id: string, name: string }, onClose: () => void }} props */
export function ExportCampaign({ campaign, onClose }) {
  const path = `/api/campaigns/${campaign.id}`;
  return html`<${ExportDialog} title=${archives.exportCampaign(campaign.name)} onClose=${onClose} kinds=${[
    {
      id: "archive",
      label: archives.everything,
      words: archives.everythingWords,
      path: `${path}/archive`,
    },
    {
      id: "markdown",
      label: archives.allMarkdown,
      words: archives.allMarkdownWords,
      path: `${path}/talk?format=markdown`,
    },
    {
      id: "jsonl",
      label: archives.allJsonLines,
      words: archives.jsonLinesWords,
      path: `${path}/talk?format=jsonl`,
    },
  ]} />`;
}
