import assert from "node:assert/strict";
import test from "node:test";
import { groupConversations } from "../../src/ttrpg_assistant/web/app/models/conversation_groups.js";

/** @param {string} id @param {string | null} campaign @param {number | null} [game] */
const listed = (id, campaign, game = null) =>
  /** @type {any} */ ({
    id,
    campaign_id: campaign,
    campaign_name: campaign && `The ${campaign}`,
    game_session_id: game && `${campaign}/${game}`,
    game_session_number: game,
    game_session_title: game === 2 ? "Low tide" : "",
  });

test("conversations stand under their campaign and game session, the latest group first", () => {
  const found = groupConversations([
    listed("a", "Road", 2),
    listed("b", null),
    listed("c", "Road", 1),
    listed("d", "Road", 2),
    listed("e", "Pines"),
  ]);
  assert.deepEqual(
    found.map(({ name, gameSessions }) => [
      name,
      gameSessions.map((group) => [group.name, group.conversations.map(({ id }) => id).join("")]),
    ]),
    [
      [
        "The Road",
        [
          ["Game session 2 · Low tide", "ad"],
          ["Game session 1", "c"],
        ],
      ],
      ["Quick chats", [["Between game sessions", "b"]]],
      ["The Pines", [["Between game sessions", "e"]]],
    ],
  );
});
