import { useEffect, useState } from "preact/hooks";
import { html } from "../../html.js";
import { KIND_COLOURS, LINES } from "../../models/graph_marks.js";

/**
 * The colours of the picture, as the style sheet has them now: a canvas knows no style sheets, so
 * they are read from elements that nobody sees.
 *
 * @typedef {import("../../models/graph_painter.js").Ink} Ink
 */

const NAMES = ["ground", "ink", "quiet", "accent", "secret"];

/** The elements the colours are read from. */
export function InkProbe() {
  const names = [...NAMES, ...numbers(KIND_COLOURS, "kind"), ...LINES.map(({ name }) => `line-${name}`)];
  return html`<span class="graph-probe" aria-hidden="true">${names.map((name) => html`<i key=${name} class=${`graph-ink graph-ink--${name}`} data-ink=${name}></i>`)}</span>`;
}

/** @param {number} count @param {string} name */
function numbers(count, name) {
  return Array.from({ length: count }, (_, at) => `${name}-${at}`);
}

/** @param {{ current: HTMLElement | null }} around what holds the probe @returns {Ink | null} */
export function useInk(around) {
  const [ink, setInk] = useState(/** @type {Ink | null} */ (null));
  useEffect(() => {
    const look = () => around.current && setInk(readInk(around.current));
    look();
    const asked = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(forced-colors: active)")];
    for (const each of asked) each.addEventListener("change", look);
    const chosen = new MutationObserver(look);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-size"] });
    return () => {
      for (const each of asked) each.removeEventListener("change", look);
      chosen.disconnect();
    };
  }, []);
  return ink;
}

/** @param {HTMLElement} around @returns {Ink} */
function readInk(around) {
  const read = (/** @type {string} */ name) =>
    getComputedStyle(/** @type {Element} */ (around.querySelector(`[data-ink="${name}"]`))).color;
  return {
    ground: read("ground"),
    ink: read("ink"),
    quiet: read("quiet"),
    accent: read("accent"),
    secret: read("secret"),
    kinds: numbers(KIND_COLOURS, "kind").map(read),
    lines: LINES.map(({ name }) => read(`line-${name}`)),
    font: getComputedStyle(around).fontFamily,
  };
}
