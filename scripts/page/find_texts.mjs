/**
 * Finds texts for people that are written in a module of the page instead of `words/`.
 *
 * Texts live in `web/app/words/en/`, so that whoever translates the page has one folder to read. A
 * text is: what stands between two tags of an html`` template; an attribute that is read out or
 * shown; a literal that ends up in one of those places, or that reads like a sentence or a label.
 * What only the program reads (class names, keys, paths, selectors) is known by where it stands.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { API } from "typescript/unstable/sync";
import { SyntaxKind } from "typescript/unstable/ast";

/** Attributes of elements and components whose value people see or hear. */
const SHOWN = new Set(
  ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "alt", "label", "placeholder", "title"].concat(
    ["busy", "cure", "detail", "empty", "heading", "hint", "no", "note", "sentence", "summary", "text", "why", "words", "yes"],
  ),
);

/** Attributes and properties whose value only the program or a style sheet reads. */
const UNSEEN = new Set(
  ["Accept", "Authorization", "Content-Type", "accept", "action", "autocomplete", "class", "className", "code"].concat(
    ["cookie", "d", "event", "filename", "for", "form", "href", "icon", "id", "key", "keys", "kind", "mode", "pattern", "rel"],
    ["role", "slot", "src", "style", "target", "to", "type", "viewBox"],
  ),
);

/** Functions and classes that take words of the program, whatever they look like. */
const PROGRAM = new RegExp(
  `^(?:${["querySelector(All)?", "closest", "matches", "matchMedia", "supports", "getItem", "setItem", "removeItem"]
    .concat(["(add|remove)EventListener", "(get|has|remove)Attribute", "setProperty", "createElement", "execCommand"])
    .concat(["DOMException", "RegExp", "Error", "TypeError", "RangeError", "Event", "CustomEvent", "startsWith", "endsWith"])
    .concat(["includes", "indexOf", "split", "join", "replace(All)?", "get", "has", "localeCompare", "toLocale\\w+", "log"])
    .concat(["warn", "error", "debug", "mark", "request", "toMarkup", "\\w+Format", "Segmenter"])
    .join("|")})$`,
);

/** Functions that say what they are given. */
const SAYS = new Set(["announce", "ask", "confirm", "toast", "ApiFault"]);

/** Words of formats and of other programs, which are the same in every language. */
const FIXED = new Set(
  ["[Stream interrupted]", "${}\n\n[Stream interrupted]", "ttrpg-assistant campaign", "True", "False", "None", "NaN"],
);

/** Keys of the keyboard, as programs and key caps spell them. */
const KEYS = /^(?:Alt|Arrow(?:Down|Left|Right|Up)|Ctrl|Enter|Escape|Page(?:Down|Up)|Shift|Tab)$/;

/** Names of classes, headers, selectors, addresses and style sheets, and markup without a word in it. */
const CODE = /^\p{Lu}\p{Ll}+(?:\p{Lu}\p{Ll}+)+$|^\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)+$|:not\(|:\/\/|^[\w -]*(?:--|__)[\w -]*$/u;

const WORD = /\p{L}{2,}/u;
const LABEL = /^[\p{Lu}“"'(]*\p{Lu}\p{Ll}/u;
const SENTENCE = /\p{L}[\p{L}’']*[,.:;!?…)”"]*\s+[(“"]*\p{L}/u;

/**
 * @typedef {{ file: string, line: number, text: string, kind: "child" | "attribute" | "literal" | "template",
 *   start: number, end: number }} Found
 */

/** Every text that is written outside `words/`. @param {string} root of the repository @returns {Found[]} */
export function findTexts(root) {
  const app = resolve(root, "src/ttrpg_assistant/web/app");
  const api = new API({ cwd: root });
  try {
    const config = resolve(root, "scripts/page/tsconfig.json");
    const program = /** @type {any} */ (api.updateSnapshot({ openProjects: [config] }).getProject(config)).program;
    return listModules(app).flatMap((path) => {
      const file = program.getSourceFile(path);
      if (!file) throw new Error(`${path} is not read by tsconfig.json`);
      return new Module(relative(app, path).replaceAll("\\", "/"), readFileSync(path, "utf8"), file).texts();
    });
  } finally {
    api.close();
  }
}

/** The modules that may hold no texts. @param {string} app */
export function listModules(app) {
  return readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js") && !/^words[\\/]/.test(name))
    .sort()
    .map((name) => join(app, name));
}

class Module {
  /** @type {Found[]} */
  #found = [];

  /** @param {string} name @param {string} source @param {any} file */
  constructor(name, source, file) {
    this.name = name;
    this.source = source;
    this.file = file;
  }

  texts() {
    this.#walk(this.file, "plain");
    return this.#found.sort((a, b) => a.start - b.start);
  }

  /**
   * @param {any} node
   * @param {"plain" | "shown" | "unseen"} place whether what the expression comes to is shown, never
   *   shown, or known by its looks alone
   */
  #walk(node, place) {
    switch (node.kind) {
      case SyntaxKind.ImportDeclaration:
      case SyntaxKind.ExportDeclaration:
        return;
      case SyntaxKind.StringLiteral:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
        if (isText(node.text, place)) this.#add("literal", node.text, node.getStart(this.file), node.end);
        return;
      case SyntaxKind.TemplateExpression:
        return this.#template(node, place);
      case SyntaxKind.TaggedTemplateExpression:
        if (node.tag.text === "html") return new Markup(this, node.template, (...found) => this.#add(...found)).read();
        return node.forEachChild((/** @type {any} */ child) => void this.#walk(child, "plain"));
      case SyntaxKind.PropertyAssignment:
      case SyntaxKind.PropertyDeclaration:
        if (!node.initializer) return;
        return this.#walk(node.initializer, placeOf(node.name.text ?? "", "plain"));
      case SyntaxKind.BinaryExpression:
        return this.#binary(node, place);
      case SyntaxKind.ConditionalExpression:
        this.#walk(node.condition, "plain");
        this.#walk(node.whenTrue, place);
        return this.#walk(node.whenFalse, place);
      case SyntaxKind.ParenthesizedExpression:
      case SyntaxKind.AsExpression:
        return this.#walk(node.expression, place);
      case SyntaxKind.ElementAccessExpression:
        this.#walk(node.expression, "plain");
        return this.#walk(node.argumentExpression, "unseen");
      case SyntaxKind.CaseClause:
        return node.forEachChild((/** @type {any} */ child) => void this.#walk(child, child === node.expression ? "unseen" : place));
      case SyntaxKind.CallExpression:
      case SyntaxKind.NewExpression:
        return this.#call(node);
      case SyntaxKind.ArrayLiteralExpression:
        return node.forEachChild((/** @type {any} */ child) => void this.#walk(child, place));
      default:
        node.forEachChild((/** @type {any} */ child) => void this.#walk(child, "plain"));
    }
  }

  /** @param {any} node @param {"plain" | "shown" | "unseen"} place */
  walkHole(node, place) {
    this.#walk(node, place);
  }

  /** @param {any} node @param {"plain" | "shown" | "unseen"} place */
  #template(node, place) {
    const parts = [node.head, ...node.templateSpans.map((/** @type {any} */ span) => span.literal)];
    const text = parts.map((/** @type {any} */ part) => part.text).join("${}");
    if (FIXED.has(text) || isCode(text)) return node.templateSpans.forEach((/** @type {any} */ span) => this.#walk(span.expression, place));
    const shown = place === "shown" && parts.some((/** @type {any} */ part) => WORD.test(part.text));
    if (shown || (place === "plain" && parts.some((/** @type {any} */ part) => isPartOfSentence(part.text)))) {
      this.#add("template", text, node.getStart(this.file), node.end);
    }
    for (const span of node.templateSpans) this.#walk(span.expression, place);
  }

  /** @param {any} node @param {"plain" | "shown" | "unseen"} place */
  #binary(node, place) {
    const operator = this.source.slice(node.operatorToken.getStart(this.file), node.operatorToken.end);
    if (/^[!=]==?$/.test(operator)) {
      this.#walk(node.left, "unseen");
      return this.#walk(node.right, "unseen");
    }
    if (operator === "=") {
      const name = node.left.name?.text ?? "";
      return this.#walk(node.right, placeOf(name, "plain")), this.#walk(node.left, "plain");
    }
    const passes = /^(?:&&|\|\||\?\?|\+)$/.test(operator);
    this.#walk(node.left, passes && operator !== "&&" ? place : "plain");
    this.#walk(node.right, passes ? place : "plain");
  }

  /** @param {any} node */
  #call(node) {
    const callee = node.expression;
    const name = callee.name?.text ?? callee.text ?? "";
    const isProgram = PROGRAM.test(name) || callee.expression?.name?.text === "classList";
    if (!(isProgram && isLiteral(callee.expression))) this.#walk(callee, "plain");
    const says = SAYS.has(name) || /^set(?:Error|Fault|Hint|Note|Why|Words|Wrong)$/.test(name);
    const named = name === "setAttribute" ? placeOf(node.arguments[0].text ?? "", "plain") : "plain";
    const place = says ? "shown" : isProgram ? "unseen" : named;
    for (const argument of node.arguments ?? []) this.#walk(argument, place);
  }

  /** @param {Found["kind"]} kind @param {string} text @param {number} start @param {number} end */
  #add(kind, text, start, end) {
    const line = this.source.slice(0, start).split("\n").length;
    this.#found.push({ file: this.name, line, text: text.replace(/\s+/g, " "), kind, start, end });
  }
}

/**
 * Reads the markup of one html`` template, holes and all.
 *
 * The states are those of htm: text, a tag, the value of an attribute, a comment.
 */
class Markup {
  #state = /** @type {"text" | "tag" | "value" | "comment"} */ ("text");
  #attribute = "";
  #quote = "";

  /** @param {Module} module @param {any} template @param {(kind: Found["kind"], text: string, start: number, end: number) => void} add */
  constructor(module, template, add) {
    this.module = module;
    this.template = template;
    this.add = add;
  }

  read() {
    const { template } = this;
    if (template.kind === SyntaxKind.NoSubstitutionTemplateLiteral) return this.#piece(template, 1);
    this.#piece(template.head, 2);
    for (const span of template.templateSpans) {
      this.#hole(span.expression);
      this.#piece(span.literal, span.literal.kind === SyntaxKind.TemplateTail ? 1 : 2);
    }
  }

  /** @param {any} expression */
  #hole(expression) {
    const place = this.#state === "text" ? "shown" : this.#state === "value" ? placeOf(this.#attribute, "plain") : "plain";
    this.module.walkHole(expression, place);
    if (this.#state === "value" && this.#quote === "") this.#state = "tag";
  }

  /** The source text between two holes. @param {any} literal @param {number} closing the characters of its end mark */
  #piece(literal, closing) {
    const { source } = this.module;
    const end = literal.end - closing;
    let at = literal.getStart(this.module.file) + 1;
    let begun = at;
    while (at < end) {
      const letter = source[at];
      if (this.#state === "comment") {
        if (!source.startsWith("-->", at)) at += 1;
        else [this.#state, at, begun] = ["text", at + 3, at + 3];
      } else if (this.#state === "text") {
        if (letter !== "<") at += 1;
        else if (this.#child(begun, at), source.startsWith("<!--", at)) [this.#state, at] = ["comment", at + 4];
        else [this.#state, this.#attribute, at] = ["tag", "", at + 1];
      } else if (this.#state === "tag") {
        [at, begun] = this.#tag(at, end);
      } else if (this.#quote ? letter === this.#quote : /[\s>]/.test(letter)) {
        this.#value(begun, at);
        this.#state = "tag";
        if (this.#quote) at += 1;
      } else at += 1;
    }
    if (this.#state === "text") this.#child(begun, end);
    if (this.#state === "value") this.#value(begun, end);
  }

  /** One step inside a tag. @param {number} at @param {number} end @returns {[number, number]} */
  #tag(at, end) {
    const { source } = this.module;
    if (source[at] === ">") return (this.#state = "text"), [at + 1, at + 1];
    const named = /^([\w:@.-]+)(\s*=\s*)?(["'])?/.exec(source.slice(at, end));
    if (!named) return [at + 1, at + 1];
    const next = at + named[0].length;
    if (!named[2]) return [next, next];
    this.#attribute = named[1];
    this.#quote = named[3] ?? "";
    this.#state = "value";
    return [next, next];
  }

  /** @param {number} from @param {number} to */
  #child(from, to) {
    const text = this.module.source.slice(from, to);
    if (!WORD.test(text) || isCode(text.trim())) return;
    const start = from + (text.length - text.trimStart().length);
    this.add("child", text.trim(), start, start + text.trim().length);
  }

  /** @param {number} from @param {number} to */
  #value(from, to) {
    const text = this.module.source.slice(from, to);
    const place = placeOf(this.#attribute, "plain");
    if (isCode(text)) return;
    if (place === "shown" ? WORD.test(text) : place === "plain" && LABEL.test(text) && SENTENCE.test(text)) {
      this.add("attribute", text, from, to);
    }
  }
}

/** @param {string} name @param {"plain" | "shown" | "unseen"} otherwise */
function placeOf(name, otherwise) {
  if (SHOWN.has(name)) return "shown";
  return UNSEEN.has(name) || /^(?:on[A-Z]|data-|aria-)|class$/i.test(name) ? "unseen" : otherwise;
}

/** @param {any} node */
function isLiteral(node) {
  return node?.kind === SyntaxKind.StringLiteral || node?.kind === SyntaxKind.NoSubstitutionTemplateLiteral;
}

/** @param {string} text */
function isCode(text) {
  return KEYS.test(text) || CODE.test(text) || (text.startsWith("<") && !WORD.test(text.replace(/<[^>]*>/g, "")));
}

/** @param {string} text @param {"plain" | "shown" | "unseen"} place */
function isText(text, place) {
  if (isCode(text)) return false;
  if (place === "shown") return WORD.test(text);
  return place === "plain" && !FIXED.has(text) && (LABEL.test(text) || SENTENCE.test(text));
}

/** A piece between two values, in which a word stands beside a space or a mark of a sentence. @param {string} text */
function isPartOfSentence(text) {
  return SENTENCE.test(text) || /\p{L}{2,}[.,:;!?…]?\s|\s[(“]?\p{L}{2,}|^\p{Lu}\p{Ll}+/u.test(text);
}
