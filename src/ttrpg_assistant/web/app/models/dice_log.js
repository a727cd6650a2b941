/**
 * A roll as it is kept in the log: `2d20kh1+2 = 17 [(4), 15]`, `4d6>=5 = 2 successes [5, (2), 6, (1)]`.
 *
 * @typedef {{ face: string, counts: boolean }} Face
 * @typedef {{ text: string, total: string, faces: Face[] }} Logged
 */

/**
 * Reads one line of the log; what was written by something else is shown as it is.
 * @param {string} line
 * @returns {Logged}
 */
export function readRoll(line) {
  const open = line.indexOf("[");
  const head = open < 0 ? line : line.slice(0, open);
  const inside = open < 0 ? "" : line.slice(open + 1, line.lastIndexOf("]") < open ? undefined : line.lastIndexOf("]"));
  const at = head.lastIndexOf(" = ");
  const faces = inside.split(/[,·]/).map((face) => face.trim());
  return {
    text: at < 0 ? head.trim() : head.slice(0, at).trim(),
    total: at < 0 ? "" : head.slice(at + 3).trim(),
    faces: faces
      .filter(Boolean)
      .map((face) => (face.startsWith("(") ? { face: face.slice(1, -1), counts: false } : { face, counts: true })),
  };
}
