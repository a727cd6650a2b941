import { keyOf, registerKeys, withCommand } from "../keys.js";
import { clock, playDayWords } from "../models/play_days.js";
import { routeRefs } from "../links.js";
import { navigate } from "../router.js";
import { routes } from "../routes.js";
import { keysOpen } from "../components/keys_dialog.js";
import { beginAnew } from "./chat_actions.js";
import { modelChooserOpen } from "./model_chooser.js";
import { paletteOpen, registerCommands } from "./palette.js";
import { toggleTheme } from "./preferences.js";
import { counted } from "../models/file_words.js";

/**
 * What the palette and the keyboard can do on every screen.
 * @param {import("./app.js").App} app
 */
export function registerPageCommands(app) {
  registerCommands(() =>
    routes.flatMap((route) =>
      route.rail
        ? [
            {
              id: route.path,
              label: route.rail.label,
              hint: "Go to",
              icon: route.rail.icon,
              run: () => navigate(route.path),
            },
          ]
        : [],
    ),
  );
  registerCommands(() => [
    {
      id: "new-chat",
      label: "Start a new chat",
      icon: "message-square-plus",
      also: "new chat",
      run: () => beginAnew(app),
    },
    { id: "theme", label: "Switch between light and dark", icon: "sun", also: "theme light dark", run: toggleTheme },
    {
      id: "model",
      label: "Choose a model",
      icon: "cpu",
      also: "provider llm openai claude gemini ollama settings",
      run: () => (modelChooserOpen.value = true),
    },
    {
      id: "keys",
      label: "Show the keys",
      hint: "?",
      icon: "keyboard",
      also: "shortcuts help",
      run: () => (keysOpen.value = true),
    },
  ]);
  registerCommands(() => pastChats(app));
  registerCommands(async (query) => (await import("./campaign_palette.js")).findInCampaigns(app, query));
  for (const kind of ["campaign", "npc", "location", "plot_point", "game_session", "message"])
    routeRefs(kind, (id) => `/things/${kind}/${encodeURIComponent(id)}`);
  routeRefs("house_rule", (campaign) => `/things/campaign/${encodeURIComponent(campaign)}`);
  registerKeys(
    {
      keys: "Ctrl K",
      what: "Find anything",
      whileTyping: true,
      when: (e) => withCommand(e) && keyOf(e).toLowerCase() === "k",
      run: () => (paletteOpen.value = !paletteOpen.value),
    },
    { keys: "?", what: "Show these keys", when: (e) => keyOf(e) === "?", run: () => (keysOpen.value = true) },
    {
      keys: "/",
      what: "Go to the composer",
      when: (e) => keyOf(e) === "/",
      run: () => document.querySelector("textarea")?.focus(),
    },
    { keys: "Enter", what: "Send" },
    { keys: "Shift Enter", what: "New line" },
    { keys: "↑", what: "Edit your last message, in an empty composer" },
    { keys: "Esc", what: "Stop the answer; close what is open" },
  );
}

/** @param {import("./app.js").App} app */
async function pastChats(app) {
  const { chat_sessions: chats } = await app.api.get("/api/chat-sessions?limit=50");
  return chats
    .filter((/** @type {any} */ chat) => chat.status === "archived" && chat.message_count > 0)
    .map((/** @type {any} */ chat) => ({
      id: `chat-${chat.id}`,
      label: chatTitle(chat),
      hint: `${playDayClock(chat)} · ${counted(chat.message_count, "message")}`,
      icon: "history",
      run: () => navigate(`/chat/${chat.id}`),
    }));
}

/** @param {import("../types.js").Conversation} chat */
function playDayClock(chat) {
  return clock(new Date(chat.last_message_at ?? chat.created_at));
}

/** A chat's name, or the evening it was held. @param {import("../types.js").Conversation} chat */
export function chatTitle(chat) {
  return (
    chat.title ||
    `Talk of ${playDayWords(new Date(chat.last_message_at ?? chat.created_at), new Date()).replace(/^(Today|Yesterday)$/, (word) => word.toLowerCase())}`
  );
}
