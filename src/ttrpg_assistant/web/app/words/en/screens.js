export const screens = {
  chat: "Chat",
  pastConversation: "Past conversation",
  campaigns: "Campaigns",
  campaign: "Campaign",
  newCampaign: "A new campaign",
  table: "Game session",
  npc: "NPC",
  import: "Import",
  product: "TTRPG Assistant",
  search: "Search",
  ask: "Ask the campaign",
  settings: "Settings",
};
