import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { clock, dayInSentence } from "../../models/play_days.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { ask } from "../dialog.js";
import { settings } from "../../words/en/settings.js";

/** @typedef {import("../../types.js").Device} Device */

/** The browsers that have been let in: each can be signed out, or all of them. */
export function Devices() {
  const app = useApp();
  const [devices, setDevices] = useState(/** @type {Device[] | null} */ (null));
  const load = () => attempt(async () => setDevices((await app.api.get("/api/credentials")).credentials));
  useEffect(() => {
    load();
    return app.attend({ onHint: (hint) => void (hint.event === "credentials" && load()) });
  }, [app]);
  if (!devices) return html`<p class="quiet">${settings.loading}</p>`;
  const others = devices.filter((device) => !device.is_this).length;

  const remove = (/** @type {Device} */ device) =>
    attempt(async () => {
      await app.api.delete(`/api/credentials/${device.id}`);
      toast(settings.signedOut(device.device));
      await load();
    });
  const removeAll = (/** @type {boolean} */ keepThis) =>
    attempt(async () => {
      await app.api.post("/api/credentials/revoke-all", { keep_this: keepThis });
      toast(keepThis ? settings.othersSignedOut : settings.allSignedOut);
      await load();
    });
  const askRemove = (/** @type {Device} */ device) =>
    ask({
      title: device.is_this ? settings.askSignOutThis : settings.askSignOut(device.device),
      text: device.is_this ? settings.signInAgain : settings.signOutWords,
      yes: settings.signOut,
      run: () => remove(device),
    });
  const askAll = () =>
    ask({
      title: settings.askSignOutAll,
      text: settings.signOutAllWords,
      yes: settings.signOutAll,
      run: () => removeAll(false),
    });

  return html`<p>${settings.devicesWords}</p>
    <ul class="removals devices">
      ${devices.map(
        (device) => html`<li key=${device.id} class="removals__item">
          <div><strong>${device.is_this ? settings.thisDevice(device.device) : device.device}</strong>
            <span class="quiet">${words(device)}</span></div>
          <button type="button" class="button button--small" aria-label=${settings.signOutNamed(device.device, words(device))}
            onClick=${() => askRemove(device)}>${settings.signOut}</button>
        </li>`,
      )}
    </ul>
    <div class="button-row">
      <button type="button" class="button" disabled=${others === 0} onClick=${() => removeAll(true)}>${settings.signOutOthers}</button>
      <button type="button" class="button" onClick=${askAll}>${settings.signOutAll}</button>
    </div>
    <p class="quiet">${settings.linkWords}</p>`;
}

/** @param {Device} device */
function words(device) {
  const seen = new Date(device.last_seen_at);
  return settings.deviceFacts(dayInSentence(new Date(device.created_at)), dayInSentence(seen), clock(seen));
}
