import { cutText } from "../../models/characters.js";
import { rangesOf } from "../../models/number_ranges.js";

/**
 * Looking at a file of talk before any of it is imported.
 *
 * @typedef {{ name: string, role: string, messages: number }} Speaker
 * @typedef {{ number: number, title: string, messages: number, alternatives: number, hidden: number,
 *   first_at: string | null, last_at: string | null }} FoundConversation
 * @typedef {{ text: string, count: number, lines: number[], is_loss: boolean }} Remark
 * @typedef {{ format: string, label: string, speakers: Speaker[], more_speakers: number, messages: number,
 *   alternatives: number, hidden: number, conversations: FoundConversation[], more_conversations: number,
 *   first: { speaker: string, role: string, content: string }[], remarks: Remark[], encoding: string,
 *   needs_whole: boolean, needs_start: boolean }} Preview
 * @typedef {{ is: "transcript", file: File, preview: Preview, isWhole: boolean }} TranscriptStep
 * @typedef {{ format: string, title: string, campaignId: string, answers: string[], hidden: string[],
 *   conversations: number[] | null, began: string }} Wanted
 * @typedef {(path: string, sent: Blob) => Promise<any>} Send
 */

/** So much of a transcript is looked at before it is sent, in bytes. */
const LOOK = 1024 * 1024;

/** What any text may look like: the import of files is asked whether it knows it better. */
const ANY_TEXT = ["text", "notes", "json", "headed"];

/** Whether so much is sent that it takes a while. @param {Blob} sent */
export function isLong(sent) {
  return sent.size > LOOK;
}

/**
 * The preview of a transcript: of its first megabyte when that tells what is in it.
 * @param {Send} send @param {File} file @param {string} [format] @returns {Promise<TranscriptStep>}
 */
export async function lookAtTranscript(send, file, format = "") {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isWhole = file.size <= LOOK || (start[0] === 0x50 && start[1] === 0x4b);
  const preview = await ask(send, file, isWhole, format);
  if (!preview.needs_whole) return { is: "transcript", file, preview, isWhole };
  return { is: "transcript", file, preview: await ask(send, file, true, format), isWhole: true };
}

/**
 * The same of a text that is talk for certain; null for any other.
 * @param {Send} send @param {File} file @returns {Promise<TranscriptStep | null>}
 */
export async function findTalk(send, file) {
  try {
    const { format } = await ask(send, file, file.size <= LOOK, "");
    if (ANY_TEXT.includes(format)) return null;
  } catch (error) {
    // The import of files says what it is instead.
    if (/** @type {any} */ (error).status === 422) return null;
    throw error;
  }
  return lookAtTranscript(send, file);
}

/** @param {Send} send @param {File} file @param {boolean} isWhole @param {string} format @returns {Promise<Preview>} */
function ask(send, file, isWhole, format) {
  const asked = new URLSearchParams({ whole: String(isWhole) });
  if (format) asked.set("format", format);
  return send(`/api/transcripts/preview?${asked}`, isWhole ? file : file.slice(0, LOOK));
}

/** Where a transcript is imported, with all that was chosen. @param {Wanted} wanted */
export function transcriptPath({ format, title, campaignId, answers, hidden, conversations, began }) {
  const asked = new URLSearchParams({ format, title: cutText(title, 200), campaign_id: campaignId, answers: "" });
  for (const name of answers) asked.append("answers", name);
  for (const name of hidden) asked.append("hidden", name);
  if (conversations) asked.set("conversations", rangesOf(conversations));
  if (began) asked.set("began", began);
  return `/api/transcripts?${asked}`;
}
