import { html } from "../html.js";
import { lettersOf } from "../models/scene_turns.js";

/** The seal of one who takes part in a scene, told apart by place. @param {{ name: string, place: number }} props */
export function Monogram({ name, place }) {
  return html`<span class="monogram" data-voice=${place} aria-hidden="true">${lettersOf(name)}</span>`;
}
