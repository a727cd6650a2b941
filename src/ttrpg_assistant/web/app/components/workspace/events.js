import { newId } from "../../identity.js";
import { attempt } from "../../state/notices.js";

/**
 * Writes down what happened, while a game session runs.
 * @param {import("../../state/app.js").App} app @param {any} gameSession @param {string} kind @param {string} text
 * @param {import("../../state/campaign/campaign_kinds.js").Kind} about @param {any} entity
 */
export function addEvent(app, gameSession, kind, text, about, entity) {
  if (gameSession?.status !== "running") return;
  attempt(() =>
    app.api.post(`/api/game-sessions/${gameSession.id}/events`, {
      id: newId(),
      kind,
      text,
      entity_kind: about.name,
      entity_id: entity.id,
    }),
  );
}
