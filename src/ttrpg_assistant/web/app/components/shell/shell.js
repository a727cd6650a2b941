import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { match, navigate, path } from "../../router.js";
import { HOME, routes } from "../../routes.js";
import { useApp } from "../../state/app.js";
import { AccessScreen } from "./access_screen.js";
import { Banner } from "./banner.js";
import { Questions } from "../dialog.js";
import { DropAnywhere } from "./drop_anywhere.js";
import { KeysDialog } from "./keys_dialog.js";
import { LateDialogs } from "./late_dialog.js";
import { OutsideLink } from "./outside_link.js";
import { Palette } from "./palette.js";
import { Rail } from "./rail.js";
import { Announcer, Toasts } from "./toasts.js";
import { shell } from "../../words/en/shell.js";
import { controls } from "../../words/en/controls.js";

// The first screen is fetched while the opener is still being opened.
match(routes, path.value === "/" ? HOME : path.value)
  ?.route.screen()
  .catch(() => {});

/** The page around every screen. */
export function Shell() {
  const { access } = useApp();
  const standing = access.standing.value;
  if (standing === "asking") return html`<main class="access"><p class="access__wait">${shell.opening}</p></main>`;
  if (standing === "out") return html`<${AccessScreen} /><${Announcer} />`;
  return html`<div class="shell">
    <a class="skip" href="#screen" onClick=${skip}>${shell.skip}</a>
    <${Rail} />
    <div class="shell__main">
      <${Banner} />
      <${CurrentScreen} />
      <${Toasts} />
    </div>
    <${Announcer} /><${Palette} /><${KeysDialog} /><${Questions} /><${OutsideLink} /><${LateDialogs} /><${DropAnywhere} />
  </div>`;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("screen")?.focus();
}

/** Loads and shows the screen for the address. */
function CurrentScreen() {
  const at = path.value;
  const place = match(routes, at);
  const [loaded, setLoaded] = useState(/** @type {{ path: string, Screen: any } | null} */ (null));
  const [failed, setFailed] = useState(false);
  const route = place?.route;

  useEffect(() => {
    if (!route) {
      navigate(HOME, { replace: true });
      return;
    }
    document.title = shell.pageTitle(route.title);
    let current = true;
    setFailed(false);
    route.screen().then(
      (module) => current && setLoaded({ path: route.path, Screen: module.default }),
      () => current && setFailed(true),
    );
    return () => {
      current = false;
    };
  }, [route]);

  if (failed) {
    return html`<main class="screen screen--failed" id="screen" tabindex="-1"><p>${shell.screenFailed}</p>
      <button type="button" class="button" onClick=${() => location.reload()}>${controls.retry}</button></main>`;
  }
  if (!place || loaded?.path !== place.route.path) return html`<main class="screen" id="screen" tabindex="-1"></main>`;
  return html`<main class="screen" id="screen" tabindex="-1"><${loaded.Screen} key=${at} ...${place.params} /></main>`;
}
