export const facts = {
  gmOnly: "GM only",
  theseNpcs: "These NPCs and groups",
  everyone: "Everyone",
  text: "Fact",
  audience: "Who knows it",
  npcs: "NPCs who know it",
  groups: "Groups who know it",
  fact: "Fact",
};
