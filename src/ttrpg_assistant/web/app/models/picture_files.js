import { pictures } from "../words/en/pictures.js";
import { sizeWords } from "./file_words.js";

/** The largest file that the server takes, in bytes. */
export const LARGEST = 20 * 1024 * 1024;

/** What a chooser of files offers. */
export const ACCEPTED = "image/png,image/jpeg,image/webp,image/gif";

/** Why a file is not worth sending; nothing when the server should say. @param {{ size: number, type: string }} file */
export function troubleWith({ size, type }) {
  if (type && !ACCEPTED.split(",").includes(type)) return pictures.noPicture;
  return size > LARGEST ? pictures.tooLarge(sizeWords(LARGEST)) : "";
}

/** The pictures of what was dropped or pasted; without any, the first file. @param {DataTransfer | null | undefined} given @returns {File[]} */
export function picturesIn(given) {
  const files = [...(given?.files ?? [])];
  const found = files.filter((file) => ACCEPTED.split(",").includes(file.type));
  return found.length > 0 ? found : files.slice(0, 1);
}
