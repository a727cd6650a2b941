import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { clock, playDayWords } from "../../models/play_days.js";
import { useApp } from "../../state/app.js";
import { attempt, toast } from "../../state/notices.js";
import { ask } from "../dialog.js";

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
  if (!devices) return html`<p class="quiet">Looking…</p>`;
  const others = devices.filter((device) => !device.is_this).length;

  const remove = (/** @type {Device} */ device) =>
    attempt(async () => {
      await app.api.delete(`/api/credentials/${device.id}`);
      toast(`${device.device} is signed out.`);
      await load();
    });
  const removeAll = (/** @type {boolean} */ keepThis) =>
    attempt(async () => {
      await app.api.post("/api/credentials/revoke-all", { keep_this: keepThis });
      toast(keepThis ? "Every other device is signed out." : "Every device is signed out.");
      await load();
    });
  const askRemove = (/** @type {Device} */ device) =>
    ask({
      title: device.is_this ? "Sign this device out?" : `Sign out ${device.device}?`,
      text: device.is_this
        ? "To come back, open the link printed where the assistant was started."
        : "Its next request is refused. To come back, it needs the link printed where the assistant was started.",
      yes: "Sign out",
      run: () => remove(device),
    });
  const askAll = () =>
    ask({
      title: "Sign out everywhere?",
      text: "This device too. To come back, open the link printed where the assistant was started.",
      yes: "Sign out everywhere",
      run: () => removeAll(false),
    });

  return html`<p>Browsers that may read and write here. One that is not used for 30 days is signed out automatically.</p>
    <ul class="removals devices">
      ${devices.map(
        (device) => html`<li key=${device.id} class="removals__item">
          <div><strong>${device.device}${device.is_this ? " (this device)" : ""}</strong>
            <span class="quiet">${words(device)}</span></div>
          <button type="button" class="button button--small" aria-label=${`Sign out ${device.device}, ${words(device)}`}
            onClick=${() => askRemove(device)}>Sign out</button>
        </li>`,
      )}
    </ul>
    <div class="button-row">
      <button type="button" class="button" disabled=${others === 0} onClick=${() => removeAll(true)}>Sign out everywhere else</button>
      <button type="button" class="button" onClick=${askAll}>Sign out everywhere</button>
    </div>
    <p class="quiet">The link in the terminal goes on working until the assistant is started again. A fixed TTRPG_TOKEN works until it is changed.</p>`;
}

/** @param {Device} device */
function words(device) {
  const now = new Date();
  const seen = new Date(device.last_seen_at);
  const added = playDayWords(new Date(device.created_at), now);
  return `added ${lower(added)}, last seen ${lower(playDayWords(seen, now))} at ${clock(seen)}`;
}

/** "Today" within a sentence; the name of a day stays as it is. @param {string} day */
function lower(day) {
  return day === "Today" || day === "Yesterday" ? day.toLowerCase() : day;
}
