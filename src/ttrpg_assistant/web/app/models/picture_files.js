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

/** The first picture of what was dropped or pasted. @param {DataTransfer | null | undefined} given @returns {File | null} */
export function pictureIn(given) {
  const files = [...(given?.files ?? [])];
  return files.find((file) => ACCEPTED.split(",").includes(file.type)) ?? files[0] ?? null;
}
