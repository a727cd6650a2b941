import { dates } from "../words/en/dates.js";

/**
 * Dates as a game master counts them: an evening at the table goes on past midnight, so what is
 * said before five in the morning belongs to the evening before.
 */
export const NIGHT_ENDS = 5;

/** The evening a moment belongs to, as a comparable key. @param {Date} moment */
export function playDayKey(moment) {
  const shifted = new Date(moment.getTime());
  shifted.setHours(shifted.getHours() - NIGHT_ENDS);
  return `${shifted.getFullYear()}-${two(shifted.getMonth() + 1)}-${two(shifted.getDate())}`;
}

/**
 * The evening in words: "Today", "Yesterday", "Saturday 14 November", with the year when it is
 * another one.
 * @param {Date} moment
 * @param {Date} now
 * @param {string} [language]
 */
export function playDayWords(moment, now, language) {
  const key = playDayKey(moment);
  if (key === playDayKey(now)) return dates.today;
  const yesterday = new Date(now.getTime());
  yesterday.setDate(yesterday.getDate() - 1);
  if (key === playDayKey(yesterday)) return dates.yesterday;
  const [year, month, day] = key.split("-").map(Number);
  const evening = new Date(year, month - 1, day, 12);
  const format = /** @type {Intl.DateTimeFormatOptions} */ ({ weekday: "long", day: "numeric", month: "long" });
  if (key.slice(0, 4) !== playDayKey(now).slice(0, 4)) format.year = "numeric";
  return formatter(language, format).format(evening);
}

/**
 * The same inside a sentence: "today", "yesterday", "Saturday 14 November".
 * @param {Date} moment
 * @param {Date} [now]
 * @param {string} [language]
 */
export function dayInSentence(moment, now = new Date(), language) {
  const words = playDayWords(moment, now, language);
  if (words === dates.today) return dates.todayInSentence;
  return words === dates.yesterday ? dates.yesterdayInSentence : words;
}

/** @param {Date} moment @param {string} [language] */
export function clock(moment, language) {
  return formatter(language, { hour: "2-digit", minute: "2-digit" }).format(moment);
}

const formatters = /** @type {Map<string, Intl.DateTimeFormat>} */ (new Map());

/** Making one takes longer than drawing a message. @param {string | undefined} language @param {Intl.DateTimeFormatOptions} options */
function formatter(language, options) {
  const key = `${language} ${Object.entries(options)}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(language, options);
  formatters.set(key, known);
  return known;
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}
