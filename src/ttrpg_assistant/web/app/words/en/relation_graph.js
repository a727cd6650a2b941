/** The picture of a campaign's relations, and the list beside it. */
export const relationGraph = {
  title: "Relations",
  empty:
    "No relations yet. Say how an NPC, a faction, a location or any other two things are related, and they are drawn here.",
  add: "Add a relation",
  form: "A new relation",

  picture: "Picture of the relations",
  pictureKeys:
    "Arrow keys go to a neighbour in that direction. Enter opens it. Plus and minus zoom, Shift with an arrow key moves the picture, 0 shows all, Escape deselects. The list has the same in words.",
  pictureOf: (/** @type {string} */ things, /** @type {string} */ relations) => `${things}, ${relations}`,
  arranging: "Arranging the picture…",
  failed: "The picture could not be drawn. The list has everything that is in it.",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Show all",

  list: "Things and their relations",
  listKeys:
    "Up and Down go through the list, Right opens the relations of a thing and follows one to its other end, Left goes back, Enter opens the sheet.",
  find: "Find in the list",
  noMatches: "No matches.",
  showAll: "Show everything",
  earlier: "Show earlier",
  later: "Show later",

  filters: "Kinds and filters",
  kinds: "Kinds shown",
  tag: "Tag",
  anyTag: "Any",
  archived: "Include archived",
  around: "Show",
  aroundAll: "Everything",
  aroundSteps: (/** @type {string} */ name, /** @type {number} */ steps) =>
    steps === 1 ? `${name} and its neighbours` : `Up to ${steps} relations from ${name}`,
  open: (/** @type {string} */ name) => `Open ${name}`,
  addTo: (/** @type {string} */ name) => `Add a relation of ${name}`,
  noneChosen: "Choose a thing in the picture or in the list.",
  chosen: (/** @type {string} */ name, /** @type {string} */ kind, /** @type {string} */ relations) =>
    `${name}, ${kind}, ${relations}`,

  legend: "How to read it",
  noAttitude: "no attitude",
  arrow: "The arrow points to whom the relation is to.",
  gmOnly: "GM only",
  gmOnlyThing: "GM only thing",
  archivedThing: "archived",
  leftOut: (/** @type {number} */ n) =>
    n === 1
      ? "1 older relation is not shown: 10,000 fit in the picture. It is on the sheets of the things it is between."
      : `${n.toLocaleString("en")} older relations are not shown: 10,000 fit in the picture. They are on the sheets of the things they are between.`,
  unnamed: "Unnamed",
  toOther: (/** @type {string} */ name) => `To ${name}`,
  fromOther: (/** @type {string} */ name) => `From ${name}`,
  said: (/** @type {string} */ end, /** @type {string} */ words) => `${end}: ${words}`,
  things: (/** @type {number} */ n) => (n === 1 ? "1 thing" : `${n.toLocaleString("en")} things`),
  relations: (/** @type {number} */ n) => (n === 1 ? "1 relation" : `${n.toLocaleString("en")} relations`),
};
