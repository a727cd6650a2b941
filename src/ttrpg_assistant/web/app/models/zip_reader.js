/**
 * Reads one small file out of a zip without reading the rest: what an archive holds is shown before
 * any of it is sent.
 */

const END = 0x06054b50;
const LARGE_END = 0x06064b50;
const LARGE_END_PLACE = 0x07064b50;
const ENTRY = 0x02014b50;

/** The longest ending of a zip: its last record and a comment. */
const ENDING = 22 + 65_535 + 20;

/** More than a table of contents or a manifest ever needs, in bytes. */
const MOST = 1024 * 1024;

/**
 * @param {Blob} file @param {string} name
 * @returns {Promise<string | null>} its text; null when this is no zip, or has no such file
 */
export async function readFromZip(file, name) {
  const place = await findContents(file);
  if (!place || place.size > MOST) return null;
  const contents = await bytes(file, place.at, place.size);
  for (let at = 0; at + 46 <= contents.byteLength && contents.getUint32(at, true) === ENTRY; ) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => contents.getUint16(at + offset, true));
    const found = new TextDecoder().decode(new Uint8Array(contents.buffer, at + 46, nameLength));
    if (found === name) {
      const packing = contents.getUint16(at + 10, true);
      return unpack(file, contents.getUint32(at + 42, true), contents.getUint32(at + 20, true), packing);
    }
    at += 46 + nameLength + extra + comment;
  }
  return null;
}

/** Where the table of contents stands. @param {Blob} file */
async function findContents(file) {
  const from = Math.max(0, file.size - ENDING);
  const ending = await bytes(file, from, file.size - from);
  for (let at = ending.byteLength - 22; at >= 0; at -= 1) {
    if (ending.getUint32(at, true) !== END) continue;
    const large = at >= 20 && ending.getUint32(at - 20, true) === LARGE_END_PLACE;
    if (!large) return { size: ending.getUint32(at + 12, true), at: ending.getUint32(at + 16, true) };
    const record = await bytes(file, Number(ending.getBigUint64(at - 12, true)), 56);
    if (record.byteLength < 56 || record.getUint32(0, true) !== LARGE_END) return null;
    return { size: Number(record.getBigUint64(40, true)), at: Number(record.getBigUint64(48, true)) };
  }
  return null;
}

/** @param {Blob} file @param {number} at @param {number} packed @param {number} packing */
async function unpack(file, at, packed, packing) {
  const head = await bytes(file, at, 30);
  if (head.byteLength < 30 || packed > MOST) return null;
  const begins = at + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const part = file.slice(begins, begins + packed);
  if (packing === 0) return part.text();
  if (packing !== 8) return null;
  try {
    return await new Response(part.stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
  } catch {
    return null; // cut off or damaged
  }
}

/** @param {Blob} file @param {number} at @param {number} size */
async function bytes(file, at, size) {
  return new DataView(await file.slice(at, at + size).arrayBuffer());
}
