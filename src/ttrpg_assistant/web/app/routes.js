import { print } from "./words/en/print.js";
import { screens } from "./words/en/screens.js";

/**
 * Every screen of the page. A new screen is a file in `screens/` and a line here; the rail shows
 * those with a `rail` entry, in this order.
 *
 * @type {import("./router.js").Route[]}
 */
export const routes = [
  {
    path: "/chat",
    title: screens.chat,
    screen: () => import("./screens/chat.js"),
    rail: { label: screens.chat, icon: "messages-square" },
  },
  { path: "/chat/:id", title: screens.pastConversation, screen: () => import("./screens/past_chat.js") },
  {
    path: "/campaigns",
    title: screens.campaigns,
    screen: () => import("./screens/campaigns.js"),
    rail: { label: screens.campaigns, icon: "book-open" },
  },
  { path: "/campaigns/:id", title: screens.campaign, screen: () => import("./screens/campaign.js") },
  { path: "/ask/:campaign_id", title: screens.ask, screen: () => import("./screens/ask.js") },
  { path: "/wizard", title: screens.newCampaign, screen: () => import("./screens/wizard.js") },
  { path: "/session/:campaign_id", title: screens.table, screen: () => import("./screens/workspace.js") },
  { path: "/npcs/:id", title: screens.npc, screen: () => import("./screens/npc.js") },
  { path: "/import", title: screens.import, screen: () => import("./screens/import.js") },
  { path: "/reviews/:id", title: screens.review, screen: () => import("./screens/review.js") },
  { path: "/print/:kind/:id", title: print.print, screen: () => import("./screens/print.js") },
  { path: "/things/:kind/:id", title: screens.product, screen: () => import("./screens/thing.js") },
  {
    path: "/search",
    title: screens.search,
    screen: () => import("./screens/search.js"),
    rail: { label: screens.search, icon: "search" },
  },
  {
    path: "/settings",
    title: screens.settings,
    screen: () => import("./screens/settings.js"),
    rail: { label: screens.settings, icon: "settings" },
  },
];

/** Where the page begins. */
export const HOME = "/chat";
