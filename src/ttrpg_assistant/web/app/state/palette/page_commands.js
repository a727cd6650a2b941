import { keyOf, registerKeys, withCommand } from "../../keys.js";
import { clock, playDayWords } from "../../models/play_days.js";
import { routeRefs } from "../../links.js";
import { navigate } from "../../router.js";
import { routes } from "../../routes.js";
import { keysOpen } from "../../components/shell/keys_dialog.js";
import { beginAnew } from "../conversations/chat_actions.js";
import { modelChooserOpen } from "../models/model_chooser.js";
import { KINDS } from "../campaign/campaign_kinds.js";
import { paletteOpen, registerCommands } from "./palette.js";
import { toggleTheme } from "../preferences.js";
import { counts } from "../../words/en/counts.js";
import { palette as words } from "../../words/en/palette.js";

/**
 * What the palette and the keyboard can do on every screen.
 * @param {import("../app.js").App} app
 */
export function registerPageCommands(app) {
  registerCommands(async (query) => (await import("./palette_actions.js")).offerActions(app, query));
  registerCommands(() =>
    routes.flatMap((route) =>
      route.rail
        ? [
            {
              id: route.path,
              label: route.rail.label,
              hint: words.goTo,
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
      label: words.newChat,
      icon: "message-square-plus",
      also: words.newChatAlso,
      run: () => beginAnew(app),
    },
    { id: "theme", label: words.theme, icon: "sun", also: words.themeAlso, run: toggleTheme },
    {
      id: "model",
      label: words.model,
      icon: "cpu",
      also: words.modelAlso,
      run: () => (modelChooserOpen.value = true),
    },
    {
      id: "keys",
      label: words.keys,
      hint: "?",
      icon: "keyboard",
      also: words.keysAlso,
      run: () => (keysOpen.value = true),
    },
  ]);
  registerCommands(() => pastChats(app));
  registerCommands(async (query) => (await import("./campaign_palette.js")).findInCampaigns(app, query));
  for (const kind of [...Object.keys(KINDS), "message"])
    routeRefs(kind, (id) => `/things/${kind}/${encodeURIComponent(id)}`);
  routeRefs("house_rule", (campaign) => `/things/campaign/${encodeURIComponent(campaign)}`);
  registerKeys(
    {
      keys: "Ctrl K",
      what: words.keyFind,
      whileTyping: true,
      when: (e) => withCommand(e) && keyOf(e).toLowerCase() === "k",
      run: () => (paletteOpen.value = !paletteOpen.value),
    },
    { keys: "?", what: words.keyKeys, when: (e) => keyOf(e) === "?", run: () => (keysOpen.value = true) },
    {
      keys: "/",
      what: words.keyComposer,
      when: (e) => keyOf(e) === "/",
      run: () => document.querySelector("textarea")?.focus(),
    },
    { keys: "Enter", what: words.keySend },
    { keys: "Shift Enter", what: words.keyLine },
    { keys: "↑", what: words.keyEdit },
    { keys: "Esc", what: words.keyEscape },
  );
}

/** @param {import("../app.js").App} app */
async function pastChats(app) {
  const { chat_sessions: chats } = await app.api.get("/api/chat-sessions?limit=50");
  return chats
    .filter((/** @type {any} */ chat) => chat.status === "archived" && chat.message_count > 0)
    .map((/** @type {any} */ chat) => ({
      id: `chat-${chat.id}`,
      label: chatTitle(chat),
      hint: words.chatHint(playDayClock(chat), counts.messages(chat.message_count)),
      icon: "history",
      run: () => navigate(`/chat/${chat.id}`),
    }));
}

/** @param {import("../../types.js").Conversation} chat */
function playDayClock(chat) {
  return clock(new Date(chat.last_message_at ?? chat.created_at));
}

/** A chat's name, or the day of its game session. @param {import("../../types.js").Conversation} chat */
export function chatTitle(chat) {
  if (chat.title) return chat.title;
  const day = playDayWords(new Date(chat.last_message_at ?? chat.created_at), new Date());
  return words.chatOf(/\d/.test(day) ? day : day.toLowerCase());
}
