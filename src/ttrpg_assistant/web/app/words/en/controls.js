/**
 * Texts of the controls that every part of the page has. How texts are written and added: CONTRIBUTING.md, Texts
 * of the page. Which words we use: docs/words.md.
 */
export const controls = {
  retry: "Retry",
  reload: "Reload",
  dismiss: "Dismiss",
  more: "More",
  you: "You",
  assistant: "Assistant",
  copied: "Copied.",
  notCopied: "This browser did not allow copying.",
  close: "Close",
  cancel: "Cancel",
  searching: "Searching…",
  undo: "Undo",
  save: "Save",
  copy: "Copy",
  edit: "Edit",
  discard: "Discard",
  title: "Title",
  rename: "Rename",
  stop: "Stop",
  noAnswer: "No answer.",
  unread: "Unread",
  unreadCount: (/** @type {number} */ n) => `${n} unread`,
};
