import { render } from "preact";
import { effect, untracked } from "@preact/signals";
import { takeLaunchToken } from "./access.js";
import { Shell } from "./components/shell/shell.js";
import { keepFocus } from "./focus_keeper.js";
import { html } from "./html.js";
import { hearKey } from "./keys.js";
import { followPageLink } from "./router.js";
import { routes } from "./routes.js";
import { App, AppContext } from "./state/app.js";
import { registerPageCommands } from "./state/palette/page_commands.js";

const token = takeLaunchToken();
const app = new App();

document.addEventListener("keydown", hearKey);
document.addEventListener("click", followPageLink);
keepFocus(document);
registerPageCommands(app);

const page = /** @type {HTMLElement} */ (document.getElementById("page"));
page.replaceChildren(); // the words that stood there until now
render(html`<${AppContext.Provider} value=${app}><${Shell} /></${AppContext.Provider}>`, page);

await Promise.all([app.openOutbox(), app.enter(token)]);

// A screen fetched now opens also when the server is away.
setTimeout(() => routes.forEach((route) => route.screen().catch(() => {})), 1500);

let begun = false;
effect(() => {
  if (app.access.standing.value !== "in") return;
  // What they look at on the way is no reason to begin again.
  untracked(() => (begun ? app.resume() : app.begin()));
  begun = true;
});
