import { h } from "preact";
import htm from "htm";

/** Fields in which words are written. */
const WRITTEN = new Set(["text", "search", undefined]);

/** What holds no words to be read in a direction of their own; a marked word runs on with its sentence. */
const NO_WORDS = new Set(["option", "select", "code", "pre", "kbd", "svg", "style", "title", "mark"]);

/**
 * Every element that holds words itself, and every field they are written in, takes its direction
 * from its first strong letter: whoever wrote them may write Arabic or Hebrew. It is decided here,
 * so that no place can forget it. (`dir` given by a component stays.)
 * @param {any} type @param {any} props @param {...any} children
 */
function write(type, props, ...children) {
  if (typeof type !== "string" || props?.dir !== undefined || NO_WORDS.has(type)) return h(type, props, ...children);
  const isField = type === "textarea" || (type === "input" && WRITTEN.has(props?.type));
  return h(type, isField || holdsWords(children) ? { ...props, dir: "auto" } : props, ...children);
}

/** @param {any[]} children @returns {boolean} */
function holdsWords(children) {
  return children.some((child) =>
    Array.isArray(child) ? holdsWords(child) : typeof child === "string" && child.trim() !== "",
  );
}

/** Components are written as tagged templates: no build stands between the file and the browser. */
export const html = /** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */ (htm.bind(write));
