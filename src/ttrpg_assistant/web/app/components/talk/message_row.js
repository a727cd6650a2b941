import { Component } from "preact";
import { html } from "../../html.js";
import { Message } from "./message.js";

/**
 * A line of a conversation, drawn anew only when something it shows has changed, so that drawing
 * four hundred of them costs what the changed ones cost. What was drawn is not kept anywhere else:
 * kept drawings hold on to the whole page they were once part of.
 *
 * @typedef {object} Props
 * @property {import("../../types.js").Entry} entry
 * @property {import("../../state/talk/talk.js").Talk} talk
 * @property {import("./message.js").Voices} voices
 * @property {boolean} last
 * @property {boolean} leftOut it is shown, and no longer sent to the model
 * @property {((entry: import("../../types.js").Entry) => void)} [onEdit]
 *
 * @extends {Component<Props>}
 */
export class MessageRow extends Component {
  /** @override @param {Readonly<Props>} next */
  shouldComponentUpdate(next) {
    const { entry, talk, voices, last, leftOut, onEdit } = this.props;
    const same = next.entry === entry && next.talk === talk && next.voices === voices;
    return !(same && next.last === last && next.leftOut === leftOut && next.onEdit === onEdit);
  }

  /** @override @param {Readonly<Props>} props */
  render({ entry, talk, voices, last, leftOut, onEdit }) {
    return html`<${Message} entry=${entry} talk=${talk} place=${{ last, leftOut, voices }} onEdit=${onEdit} />`;
  }
}
