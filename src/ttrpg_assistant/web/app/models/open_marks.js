/**
 * Marks that are open at the end of a text that grows. Until its other half has come, `**` would be
 * shown as two stars, and the word would jump when it is closed; so what is open is closed for the
 * drawing, and a mark that nothing follows yet is not drawn.
 */

/** A new line of inline text begins after these: a blank line, an item, a heading, a quotation. */
const NEW_LINE = /\n(?=[ \t]*(?:\n|[-*+>][ \t]|#{1,6}[ \t]|\d{1,9}[.)][ \t]))/g;

/** In a longer stretch without its other half, a star is a star. */
const LONGEST = 600;

/** @param {string} text the last block of a text @returns {string} the same with every mark closed */
export function closeMarks(text) {
  if (/^ {0,3}(?:```|~~~)/.test(text)) return text;
  let start = 0;
  for (const { index } of text.matchAll(NEW_LINE)) start = index + 1;
  const line = text.slice(start).trimEnd();
  const { open, shown } = scan(line);
  const closers = open.reverse().filter(({ at }) => line.length - at <= LONGEST);
  if (closers.length === 0 && shown === line.length) return text;
  return text.slice(0, start) + line.slice(0, shown).trimEnd() + closers.map(({ mark }) => mark).join("");
}

/** @param {string} line @returns {{ open: { mark: string, at: number }[], shown: number }} */
function scan(line) {
  const open = /** @type {{ mark: string, at: number }[]} */ ([]);
  let shown = line.length;
  let code = "";
  for (let at = 0; at < line.length; ) {
    const sign = line[at];
    if (sign === "\\" && !code) {
      at += 2;
      continue;
    }
    if (sign !== "*" && sign !== "_" && sign !== "`") {
      at += 1;
      continue;
    }
    let end = at + 1;
    while (line[end] === sign) end += 1;
    const mark = line.slice(at, end);
    const isLast = end === line.length;
    if (sign === "`") {
      if (code === mark) {
        code = "";
        open.pop();
      } else if (!code && isLast) shown = at;
      else if (!code) {
        code = mark;
        open.push({ mark, at });
      }
    } else if (!code && mark.length <= 3) {
      const before = line[at - 1] ?? " ";
      const left = closed(open, mark, before);
      if (left && isLast) shown = Math.min(shown, end - left.length);
      else if (left && /[\s\p{P}\p{S}]/u.test(before) && !/\s/.test(line[end])) open.push({ mark: left, at });
    }
    at = end;
  }
  return { open, shown };
}

/** What is left of a mark when it has closed what it can. @param {{ mark: string, at: number }[]} open @param {string} mark @param {string} before */
function closed(open, mark, before) {
  let left = mark;
  while (left && !/\s/.test(before)) {
    const last = open[open.length - 1];
    if (!last || last.mark[0] !== left[0] || last.mark.length > left.length) break;
    open.pop();
    left = left.slice(last.mark.length);
  }
  return left;
}
