/** What this module keeps in Foundry, for the published types of Foundry. Only checks read this. */
import "fvtt-types";
type Own = {
  npc?: string;
  to?: string;
  kind?: string;
  id?: string;
  pulled?: string;
  marks?: Record<string, string>;
  folder?: string;
};
declare module "fvtt-types/configuration" {
  interface AssumeHookRan { ready: never }
  interface SettingConfig {
    "ttrpg-assistant.address": string;
    "ttrpg-assistant.gmToken": string;
    "ttrpg-assistant.playersToken": string;
    "ttrpg-assistant.answersInChat": boolean;
    "ttrpg-assistant.logsRolls": boolean;
    "ttrpg-assistant.logsCombat": boolean;
  }
  interface FlagConfig {
    ChatMessage: { "ttrpg-assistant": Own };
    JournalEntry: { "ttrpg-assistant": Own };
    Actor: { "ttrpg-assistant": Own };
    JournalEntryPage: { "ttrpg-assistant": Own };
    RollTable: { "ttrpg-assistant": Own };
    Folder: { "ttrpg-assistant": Own };
  }
}
