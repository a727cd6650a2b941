import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../../html.js";
import { campaignKinds, cardKinds, talkKinds } from "../../models/export_kinds.js";
import { sizeWords } from "../../models/file_words.js";
import { useApp } from "../../state/app.js";
import { Dialog } from "../dialog.js";
import { Icon } from "../icon.js";
import { archives } from "../../words/en/archives.js";
import { controls } from "../../words/en/controls.js";
import { exporting } from "../../words/en/exporting.js";

/**
 * Saves something as a file: which kind, how much has come, where it went, and what went wrong.
 *
 * @typedef {import("../../models/export_kinds.js").FileKind} FileKind
 * @typedef {{ is: "choosing" } | { is: "fetching", received: number } | { is: "saved", name: string, size: number }
 *   | { is: "failed", words: string }} Step
 *
 * @param {{ title: string, kinds: FileKind[], onClose: () => void }} props
 */
export function ExportDialog({ title, kinds, onClose }) {
  const { api } = useApp();
  const [chosen, setChosen] = useState(kinds[0]);
  const [withOption, setWithOption] = useState(false);
  const [step, setStep] = useState(/** @type {Step} */ ({ is: "choosing" }));
  const calling = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => calling.current?.abort(), []);

  const save = async () => {
    const mine = new AbortController();
    calling.current = mine;
    setStep({ is: "fetching", received: 0 });
    const path = `${chosen.path}${chosen.option && withOption ? chosen.option.query : ""}`;
    let told = 0;
    const onBytes = (/** @type {number} */ received) => {
      if (received - told < 200_000) return;
      told = received;
      setStep({ is: "fetching", received });
    };
    try {
      const { file, name } = await api.download(path, { signal: mine.signal, onBytes });
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
        (
          kind,
          at,
        ) => html`${kind.group && kind.group !== kinds[at - 1]?.group && html`<p class="file-kinds__group">${kind.group}</p>`}
        <label class="file-kind" key=${kind.id}>
        <input type="radio" name="file-kind" checked=${kind.id === chosen.id} onChange=${() => {
          setChosen(kind);
          setWithOption(false);
          setStep({ is: "choosing" });
        }} />
        <span class="file-kind__name">${kind.label}</span><span class="file-kind__words">${kind.words}</span></label>
        ${
          kind.id === chosen.id &&
          kind.option &&
          html`<label class="check file-kind__option"><input type="checkbox" checked=${withOption} onChange=${(
            /** @type {any} */ event,
          ) => {
            setWithOption(event.currentTarget.checked);
            setStep({ is: "choosing" });
          }} /> ${kind.option.label}</label>`
        }`,
      )}
    </fieldset>
    <div class="file-save">
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
  return html`<${ExportDialog} title=${archives.exportConversation} onClose=${onClose} kinds=${talkKinds(id)} />`;
}

/** A campaign, or its talk. @param {{ campaign: { id: string, name: string }, onClose: () => void }} props */
export function ExportCampaign({ campaign, onClose }) {
  return html`<${ExportDialog} title=${archives.exportCampaign(campaign.name)} onClose=${onClose} kinds=${campaignKinds(campaign.id)} />`;
}

/** An NPC as a character card. @param {{ npc: { id: string, name: string } }} props */
export function ExportCard({ npc }) {
  const [isOpen, setIsOpen] = useState(false);
  return html`<button type="button" class="button" onClick=${() => setIsOpen(true)}><${Icon} name="download" /> ${exporting.card}</button>
    ${isOpen && html`<${ExportDialog} title=${exporting.cardOf(npc.name)} onClose=${() => setIsOpen(false)} kinds=${cardKinds(npc.id)} />`}`;
}
