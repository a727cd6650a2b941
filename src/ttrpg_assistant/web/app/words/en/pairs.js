export const pairs = {
  unnamed: "This has no name yet. Give it one, or remove it.",
  twice: (/** @type {string} */ name) => `“${name}” is here twice. Rename one of them.`,
  notAGroup: "Enter a group of names and values, in braces.",
};
