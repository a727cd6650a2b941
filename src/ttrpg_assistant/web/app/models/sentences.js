/**
 * Sentences one after another, each with an end: what a provider says of itself often has none.
 * @param {...(string | null | undefined)} parts
 */
export function sentences(...parts) {
  return parts
    .map((part) => part?.trim() ?? "")
    .filter(Boolean)
    .map((part) => (/[.!?…:)"”]$/.test(part) ? part : `${part}.`))
    .join(" ");
}
