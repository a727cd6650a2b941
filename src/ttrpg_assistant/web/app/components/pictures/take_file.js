/** The file that was chosen. Choosing the same one again counts as well. @param {HTMLInputElement} input */
export function takeFile(input) {
  const file = input.files?.[0] ?? null;
  input.value = "";
  return file;
}
