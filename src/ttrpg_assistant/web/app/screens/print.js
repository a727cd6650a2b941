import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { LoadFailed } from "../components/campaign/load_failed.js";
import { Icon } from "../components/icon.js";
import { PRINTED } from "../components/print/printed.js";
import { useApp } from "../state/app.js";
import { KINDS, nameOf, pathOf } from "../state/campaign/campaign_kinds.js";
import { ofCampaign, useFetched } from "../state/fetched.js";
import { PRINTABLE } from "../state/files/printing.js";
import { print as words } from "../words/en/print.js";

const GONE = /** @type {import("../faults.js").ApiFault} */ ({ status: 404 });

/**
 * A page as it goes on paper, and the one choice before it. GM-only parts are left out unless they
 * are asked for: paper lies on a table.
 * @param {{ kind: string, id: string }} props
 */
export default function PrintScreen({ kind, id }) {
  const { api } = useApp();
  const known = Object.hasOwn(PRINTABLE, kind);
  const [withGmOnly, setWithGmOnly] = useState(false);
  const { value, fault, pull } = useFetched(
    async (signal) => (known ? PRINTABLE[kind](api, id, signal) : null),
    [kind, id],
    ofCampaign(null),
  );
  const described = KINDS[kind];
  const name = value ? nameOf(described, value.entity) : "";
  useEffect(() => {
    // A browser writes it over the page, and names the file by it.
    if (name) document.title = name;
  }, [name]);
  if (!known || (fault && !value))
    return html`<div class="book"><div class="book__page"><${LoadFailed} fault=${known ? fault : GONE} onRetry=${pull} /></div></div>`;
  if (!value) return html`<div class="book"><p class="book__page quiet" role="status">${words.loading}</p></div>`;
  const Printed = PRINTED[kind];
  return html`<div class="book print" tabindex="0" role="region" aria-label=${name}>
    <form class="print__bar" aria-label=${words.bar} onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      window.print();
    }}>
      <a class="button" href=${pathOf(described, value.entity)}><${Icon} name="arrow-left" /> ${words.back}</a>
      <label class="check"><input type="checkbox" checked=${withGmOnly} onChange=${(/** @type {any} */ event) => setWithGmOnly(event.currentTarget.checked)} /> ${words.withGmOnly}</label>
      <button type="submit" class="button button--accent"><${Icon} name="scroll-text" /> ${words.print}</button>
      <p class="quiet" role="status">${withGmOnly ? words.marked : words.withoutGmOnly}</p>
    </form>
    <${Printed} toPrint=${value} withGmOnly=${withGmOnly} />
  </div>`;
}
