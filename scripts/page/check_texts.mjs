/**
 * Fails when a module of the page holds texts for people; they belong into `web/app/words/en/`.
 *
 * `node scripts/page/check_texts.mjs` prints file, line and text. With `--list` it prints those of
 * the modules that wait to be converted as well.
 */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findTexts } from "./find_texts.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Modules whose texts have not been moved yet. It only gets shorter: one without texts is an error. */
const WAITING = new Set(
  `
components/archive/archive_preview.js
components/archive/arriving.js
components/archive/choose_file.js
components/archive/export_dialog.js
components/archive/transcript_preview.js
components/campaign/choices.js
components/campaign/conflict.js
components/campaign/conversations.js
components/campaign/entity_card.js
components/campaign/entity_facts.js
components/campaign/entity_form.js
components/campaign/entity_section.js
components/campaign/entity_sheet.js
components/campaign/fact_form.js
components/campaign/field_editor.js
components/campaign/game_session_log.js
components/campaign/gm_only.js
components/campaign/knowledge.js
components/campaign/load_failed.js
components/campaign/npc_history.js
components/campaign/npc_knowledge.js
components/campaign/on_sheets.js
components/campaign/own_chats.js
components/campaign/pairs_editor.js
components/campaign/related_editor.js
components/campaign/row_editors.js
components/campaign/sources.js
components/campaign/values.js
components/models/about_model.js
components/models/model_chooser.js
components/models/model_options.js
components/npc_talk/keep_line.js
components/npc_talk/mode_toggle.js
components/npc_talk/npc_talk_history.js
components/npc_talk/npc_talk_panel.js
components/npc_talk/rehearsal_panel.js
components/npc_talk/voice_hints.js
components/palette.js
components/scenes/new_scene.js
components/scenes/scene_links.js
components/scenes/scene_list.js
components/scenes/scene_panel.js
components/scenes/who_answers.js
components/search/found.js
components/search/opened.js
components/settings/appearance.js
components/settings/current_model.js
components/settings/devices.js
components/settings/files.js
components/settings/key_form.js
components/settings/model_choice.js
components/settings/model_numbers.js
components/settings/provider_card.js
components/settings/recalling.js
components/settings/removals.js
components/settings/spending.js
components/settings/storage.js
components/settings/voices.js
components/suggestions/difference.js
components/suggestions/edit_form.js
components/suggestions/suggestion_card.js
components/suggestions/target_choice.js
components/threads/all_conversations.js
components/threads/new_thread.js
components/threads/session_chat_panel.js
components/threads/thread_head.js
components/threads/thread_panel.js
components/threads/thread_tabs.js
components/voices/thread_voice.js
components/voices/voice_form.js
components/voices/voices_dialog.js
components/wizard/entity_rows.js
components/wizard/step_form.js
components/workspace/clock.js
components/workspace/dice.js
components/workspace/divider.js
components/workspace/game_session_head.js
components/workspace/hand_list.js
components/workspace/knows.js
components/workspace/notes.js
components/workspace/people.js
components/workspace/places.js
components/workspace/plot.js
components/workspace/quick_note.js
components/workspace/recap_dialog.js
components/workspace/recap_field.js
components/workspace/table_log.js
components/workspace/table_talk.js
components/workspace/tonight.js
components/workspace/waiting_recap.js
models/amounts.js
models/conversation_groups.js
models/cures.js
models/fact_edit.js
models/file_words.js
models/lenient_json.js
models/memory_words.js
models/model_list.js
models/model_numbers.js
models/pair_rows.js
models/play_days.js
models/proposals.js
models/purposes.js
models/removal_words.js
models/scene_turns.js
models/search_words.js
models/spending_words.js
models/wizard_steps.js
screens/campaign.js
screens/chat.js
screens/import.js
screens/npc.js
screens/past_chat.js
screens/search.js
screens/settings.js
screens/wizard.js
screens/workspace.js
state/active_chat.js
state/app.js
state/campaign_actions.js
state/campaign_kinds.js
state/campaign_palette.js
state/chat_actions.js
state/conversation_actions.js
state/conversation_tabs.js
state/following.js
state/importing.js
state/page_commands.js
state/plan_checks.js
state/plan_session.js
state/preferences.js
state/proposals.js
state/refused.js
state/sending.js
state/talk.js
state/unsaved.js
state/voices.js
state/wizard_sheet.js
`
    .split("\n")
    .filter(Boolean),
);

const found = findTexts(ROOT);
const listed = process.argv.includes("--list");
const wrong = found.filter(({ file }) => listed || !WAITING.has(file));
for (const { file, line, text } of wrong) console.log(`src/ttrpg_assistant/web/app/${file}:${line}: ${text}`);
const held = new Set(found.map(({ file }) => file));
const done = [...WAITING].filter((file) => !held.has(file));
for (const file of done) console.log(`${file} has no texts any more: take it off the list in scripts/page/check_texts.mjs.`);
if (wrong.length > 0) console.log("Texts belong into src/ttrpg_assistant/web/app/words/en/ (CONTRIBUTING.md, Texts of the page).");
process.exitCode = wrong.length + done.length > 0 ? 1 : 0;
