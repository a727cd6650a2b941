/**
 * Words as the search of the server sees them: case, accents and joined or decorated forms aside,
 * every letter by itself where words are written without spaces (`script_words.py`).
 */

const UNSPACED =
  "\\u0e00-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u1950-\\u19df\\u1a20-\\u1aaf\\u1b00-\\u1b7f\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u318f\\u31a0-\\u31bf\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\ua960-\\uaadf\\uac00-\\ud7ff\\uf900-\\ufaff\\uff66-\\uffdc\\u{20000}-\\u{3ffff}";
const UNSEEN =
  "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0";

/** What is left out of a word: accents and vowel points, but й, ў, ї, ѓ and ќ are letters. */
const DROPPED = new RegExp(
  `[${UNSEEN}\\u0300\\u0302-\\u0305\\u0307\\u0309-\\u036f\\u0483-\\u0489\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u0640\\u064b-\\u0652\\u0656-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe00-\\ufe2f]|(?<![гк])\\u0301|(?<![иу])\\u0306|(?<!і)\\u0308`,
  "gu",
);
/** @type {Record<string, string>} */
const LETTERS = {
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ŋ: "n",
  ŧ: "t",
  ß: "ss",
  ς: "σ",
};
const LETTER = /[æœøłđðþħıŋŧßς]/g;

const PIECE = new RegExp(
  `[${UNSPACED}][\\p{M}${UNSEEN}\\uff9e\\uff9f]*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}])(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}]|[${UNSEEN}])*`,
  "gu",
);

/** Without case, accents and decoration. @param {string} text */
export function fold(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .normalize("NFKD")
    .replace(DROPPED, "")
    .replace(LETTER, (letter) => LETTERS[letter])
    .normalize("NFC");
}

/** Every word with its place. @param {string} text @returns {{ at: number, end: number, word: string }[]} */
export function placeWords(text) {
  const placed = [];
  for (const match of text.matchAll(PIECE)) {
    if (!/[\p{L}\p{N}]/u.test(match[0])) continue;
    placed.push({ at: match.index, end: match.index + match[0].length, word: fold(match[0]) });
  }
  return placed;
}
