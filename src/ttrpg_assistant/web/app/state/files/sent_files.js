/**
 * Files as they were chosen or dropped, with their folders.
 *
 * @typedef {{ name: string, file: File }} ChosenFile
 */

/** As many files as one import takes. */
const MOST = 20_000;

/** What was chosen in a file field. @param {FileList | File[] | null | undefined} files @returns {ChosenFile[]} */
export function chosenFiles(files) {
  return [...(files ?? [])].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

/**
 * What was dropped: folders are walked through. Hidden files of the system are left out.
 * @param {DataTransfer | null} dropped @returns {Promise<ChosenFile[]>}
 */
export async function droppedFiles(dropped) {
  // Entries must be taken before anything is waited for.
  const entries = [...(dropped?.items ?? [])].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return chosenFiles(dropped?.files);
  /** @type {ChosenFile[]} */
  const found = [];
  for (const entry of entries) if (entry) await walk(entry, "", found);
  return found;
}

/** @param {FileSystemEntry} entry @param {string} above @param {ChosenFile[]} found */
async function walk(entry, above, found) {
  if (found.length >= MOST || entry.name === ".DS_Store" || entry.name === ".git") return;
  const name = `${above}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) =>
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject),
    );
    found.push({ name, file });
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    const inside = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (inside.length === 0) return;
    for (const each of inside) await walk(each, `${name}/`, found);
  }
}

/** Whether files are being dragged, and not text or a picture of the page. @param {DataTransfer | null} dragged */
export function holdsFiles(dragged) {
  return Boolean(dragged && [...dragged.types].includes("Files"));
}
