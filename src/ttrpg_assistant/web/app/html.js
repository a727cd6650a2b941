import { h } from "preact";
import htm from "htm";

/** Components are written as tagged templates: no build stands between the file and the browser. */
export const html = /** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */ (htm.bind(h));
