// Runs before the first paint, so that the page does not flash in the wrong theme or size.
try {
  document.documentElement.dataset.theme = localStorage.getItem("ttrpg.theme") ?? "system";
  document.documentElement.dataset.size = localStorage.getItem("ttrpg.size") ?? "100";
} catch {
  document.documentElement.dataset.theme = "system";
}
