import { html } from "../html.js";
import { path } from "../router.js";
import { routes } from "../routes.js";
import { keysOpen } from "./keys_dialog.js";
import { paletteOpen } from "../state/palette.js";
import { theme, toggleTheme } from "../state/preferences.js";
import { Icon } from "./icon.js";

/** The way between screens: a rail at the side, a bar at the foot on a phone. */
export function Rail() {
  const at = path.value;
  return html`<nav class="rail" aria-label="Screens">
    <a class="rail__brand" href="/" aria-label="TTRPG Assistant, start"><${Icon} name="flame" /></a>
    <ul class="rail__screens">
      ${routes.map((route) => {
        if (!route.rail) return null;
        const here = at === route.path || at.startsWith(`${route.path}/`);
        return html`<li><a class="rail__link" href=${route.path} aria-current=${here ? "page" : undefined}>
          <${Icon} name=${route.rail.icon} /><span>${route.rail.label}</span></a></li>`;
      })}
    </ul>
    <div class="rail__tools">
      <button type="button" class="rail__link" onClick=${() => (paletteOpen.value = true)} aria-keyshortcuts="Control+K"
        title="Find anything (Ctrl K)"><${Icon} name="command" /><span>Find</span></button>
      <button type="button" class="rail__link" onClick=${toggleTheme} title="Light or dark">
        <${Icon} name=${theme.value === "vellum" ? "moon" : "sun"} /><span>Theme</span></button>
      <button type="button" class="rail__link rail__keys" onClick=${() => (keysOpen.value = true)} title="Keys (?)">
        <${Icon} name="keyboard" /><span>Keys</span></button>
    </div>
  </nav>`;
}
