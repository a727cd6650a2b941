/** Any stored value as text that a person reads. @param {any} value @returns {string} */
export function say(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(say).filter(Boolean).join("\n");
  if (typeof value === "object") return Object.values(value).map(say).filter(Boolean).join(": ");
  return String(value);
}
