"use strict";
/**
 * Lists every regular expression of the page, found by walking its syntax trees, as JSON on stdout:
 * `{ file, line, source, flags }`, or `{ file, line, built }` where its text is only known while the
 * page runs. Wants `node --expose-internals`: the parser is the one that Node itself brings.
 */
const { readFileSync } = require("node:fs");
const { parse } = require("internal/deps/acorn/acorn/dist/acorn");
const { full } = require("internal/deps/acorn/acorn-walk/dist/walk");

/** Methods of a string that make a pattern of whatever they are given. */
const MAKE_PATTERNS = new Set(["match", "matchAll", "search"]);

class Unknown extends Error {}

/** The text that an expression comes to, as far as the file alone says it. */
function evaluate(node, constants) {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type === "TemplateLiteral") return joined(node, constants, "cooked");
  if (node.type === "TaggedTemplateExpression" && isStringRaw(node.tag)) return joined(node.quasi, constants, "raw");
  if (node.type === "BinaryExpression" && node.operator === "+") {
    return evaluate(node.left, constants) + evaluate(node.right, constants);
  }
  if (node.type === "Identifier" && constants.has(node.name)) return evaluate(constants.get(node.name), constants);
  throw new Unknown();
}

function joined(template, constants, form) {
  return template.quasis
    .map((quasi, at) => quasi.value[form] + (at < template.expressions.length ? evaluate(template.expressions[at], constants) : ""))
    .join("");
}

const isStringRaw = (tag) => tag.type === "MemberExpression" && tag.object.name === "String" && tag.property.name === "raw";

function* patternsOf(file) {
  const text = readFileSync(file, "utf8");
  const tree = parse(text, { ecmaVersion: "latest", sourceType: "module", locations: true });
  const constants = new Map();
  for (const statement of tree.body) {
    const declared = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type !== "VariableDeclaration" || declared.kind !== "const") continue;
    for (const { id, init } of declared.declarations) if (id.type === "Identifier" && init) constants.set(id.name, init);
  }
  const found = [];
  full(tree, (node) => {
    const line = node.loc.start.line;
    if (node.type === "Literal" && node.regex) {
      found.push({ file, line, source: node.regex.pattern, flags: node.regex.flags });
      return;
    }
    const isCall = node.type === "NewExpression" || node.type === "CallExpression";
    const isRegExp = isCall && node.callee.type === "Identifier" && node.callee.name === "RegExp";
    const named = node.type === "CallExpression" && node.callee.type === "MemberExpression" ? node.callee.property.name : "";
    const [given, flags] = node.arguments ?? [];
    const isImplied = MAKE_PATTERNS.has(named) && (given?.type === "TemplateLiteral" || typeof given?.value === "string");
    if (!isRegExp && !isImplied) return;
    try {
      found.push({ file, line, source: evaluate(given, constants), flags: isRegExp && flags ? evaluate(flags, constants) : "" });
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      found.push({ file, line, built: text.slice(node.start, node.end) });
    }
  });
  yield* found;
}

process.stdout.write(JSON.stringify(process.argv.slice(2).flatMap((file) => [...patternsOf(file)])));
