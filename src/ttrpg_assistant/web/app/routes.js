/**
 * Every screen of the page. A new screen is a file in `screens/` and a line here; the rail shows
 * those with a `rail` entry, in this order.
 *
 * @type {import("./router.js").Route[]}
 */
export const routes = [
  {
    path: "/chat",
    title: "Chat",
    screen: () => import("./screens/chat.js"),
    rail: { label: "Chat", icon: "messages-square" },
  },
  { path: "/chat/:id", title: "Past conversation", screen: () => import("./screens/past_chat.js") },
  {
    path: "/campaigns",
    title: "Campaigns",
    screen: () => import("./screens/campaigns.js"),
    rail: { label: "Campaigns", icon: "book-open" },
  },
  { path: "/campaigns/:id", title: "Campaign", screen: () => import("./screens/campaign.js") },
  { path: "/wizard", title: "A new campaign", screen: () => import("./screens/wizard.js") },
  { path: "/session/:campaign_id", title: "At the table", screen: () => import("./screens/workspace.js") },
  { path: "/npcs/:id", title: "NPC", screen: () => import("./screens/npc.js") },
  { path: "/import", title: "Import", screen: () => import("./screens/import.js") },
  { path: "/things/:kind/:id", title: "TTRPG Assistant", screen: () => import("./screens/thing.js") },
  {
    path: "/search",
    title: "Search",
    screen: () => import("./screens/search.js"),
    rail: { label: "Search", icon: "search" },
  },
  {
    path: "/settings",
    title: "Settings",
    screen: () => import("./screens/settings.js"),
    rail: { label: "Settings", icon: "settings" },
  },
];

/** Where the page begins. */
export const HOME = "/chat";
