import { useState } from "preact/hooks";
import { html } from "../../html.js";
import { useApp } from "../../state/app.js";
import { monotonicNow } from "../../monotonic.js";
import { Icon } from "../icon.js";
import { useNow } from "../use_now.js";
import { RecapDialog, recapDraft } from "./recap_dialog.js";
import { attempt } from "../../state/notices.js";
import { table as t } from "../../words/en/table.js";

/**
 * How long has been played, and the buttons to start, pause, resume and end. Ending it offers its recap.
 * @param {{ gameSession: any, onChange?: (gameSession: any) => void, children?: any }} props
 */
export function Clock({ gameSession, onChange, children }) {
  const { api } = useApp();
  const runs = gameSession.running_since !== null;
  const now = useNow(runs);
  const [recap, setRecap] = useState(/** @type {{ gameSession: any, fresh: boolean } | null} */ (null));
  const press = (/** @type {string} */ action) =>
    attempt(async () => {
      const changed = await api.post(`/api/game-sessions/${gameSession.id}/${action}`);
      if (action === "end") setRecap({ gameSession: changed, fresh: true });
      onChange?.(changed);
    });
  const { status } = gameSession;
  const isSaved = !recapDraft(gameSession.id) && Boolean(gameSession.recap_gm || gameSession.recap_players);
  return html`<div class="clock" data-status=${status}>
    <p class=${`clock__time ${runs ? "clock__time--runs" : ""}`}><${Icon} name="clock" /> <span class="mono" role="timer" aria-label=${t.played}>${played(gameSession, now)}</span></p>
    <div class="clock__actions">
      ${status === "planned" && html`<button type="button" class="button button--small" onClick=${() => press("start")}><${Icon} name="play" /> ${t.start}</button>`}
      ${status === "running" && runs && html`<button type="button" class="button button--small" onClick=${() => press("pause")}>${t.pause}</button>`}
      ${status === "running" && !runs && html`<button type="button" class="button button--small" onClick=${() => press("resume")}><${Icon} name="play" /> ${t.resume}</button>`}
      ${status === "running" && html`<button type="button" class="button button--small" onClick=${() => press("end")}><${Icon} name="square" /> ${t.end}</button>`}
      ${status === "ended" && html`<button type="button" class="button button--small" onClick=${() => setRecap({ gameSession, fresh: false })}><${Icon} name="scroll-text" /> ${isSaved ? t.recap : t.recapWrite}</button>`}
      ${status === "ended" && html`<button type="button" class="button button--small" onClick=${() => press("resume")}><${Icon} name="play" /> ${t.resume}</button>`}
      ${children}
    </div>
    ${recap && html`<${RecapDialog} key=${recap.gameSession.id} gameSession=${recap.gameSession} fresh=${recap.fresh} onClose=${() => setRecap(null)} onSaved=${onChange} />`}
  </div>`;
}

/** When each answer of the server was first shown here, on the steady clock. */
const shownAt = new WeakMap();

/**
 * The time played as hours and minutes: what the server's clock showed, and what passed here since.
 * @param {any} gameSession as the server gave it @param {number} now on the steady clock
 */
export function played(gameSession, now) {
  if (!shownAt.has(gameSession)) shownAt.set(gameSession, monotonicNow());
  const passed = gameSession.running_since ? Math.max(0, now - shownAt.get(gameSession)) / 1000 : 0;
  const seconds = Math.floor(gameSession.played_seconds + passed);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
