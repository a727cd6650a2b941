import { useState } from "preact/hooks";
import { html } from "../html.js";
import { sentences } from "../models/sentences.js";
import { Icon } from "./icon.js";
import { controls } from "../words/en/controls.js";

/**
 * A button that tries something out, and what came of it beside the button.
 *
 * @param {{ label: string, busy: string, kind: string, disabled?: boolean,
 *   run: () => Promise<{ ok: boolean, fault?: import("../types.js").FaultWords | null } & any>, praise: (tried: any) => string }} props
 *   `busy` is the label meanwhile, `kind` the class of the block, `praise` what to say when it worked
 */
export function TestButton({ label, busy, kind, disabled = false, run, praise }) {
  const [result, setResult] = useState(/** @type {{ ok: boolean, words: string } | null} */ (null));
  const [asking, setAsking] = useState(false);
  const test = async () => {
    setAsking(true);
    setResult(null);
    try {
      const tried = await run();
      const { ok, fault } = tried;
      setResult({ ok, words: ok ? praise(tried) : sentences(fault?.detail ?? controls.noAnswer, fault?.cure) });
    } catch (error) {
      const { detail, cure } = /** @type {import("../faults.js").ApiFault} */ (error);
      if (!detail) throw error;
      setResult({ ok: false, words: sentences(detail, cure) });
    } finally {
      setAsking(false);
    }
  };
  return html`<div class=${kind}>
    <button type="button" class="button" onClick=${test} disabled=${asking || disabled}>${asking ? busy : label}</button>
    <p class=${`test-result ${result ? (result.ok ? "test-result--ok" : "test-result--bad") : ""}`} role="status">
      ${result && html`<${Icon} name=${result.ok ? "circle-check" : "circle-alert"} /><span>${result.words}</span>`}</p>
  </div>`;
}
