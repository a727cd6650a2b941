import { readFromZip } from "../../models/zip_reader.js";

/** What an archive of ours says that it is. */
export const FORMAT = "ttrpg-assistant campaign";

/** Whether a file is an archive that this program made. @param {File} file */
export async function isOwnArchive(file) {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (start[0] !== 0x50 || start[1] !== 0x4b) return false;
  return parsed(await readFromZip(file, "manifest.json"))?.format === FORMAT;
}

/** Whether a file begins as a text does. @param {File} file */
export async function isText(file) {
  const start = new Uint8Array(await file.slice(0, 4096).arrayBuffer());
  return start.length > 0 && !start.includes(0);
}

/** @param {string | null} text @returns {any} */
export function parsed(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
