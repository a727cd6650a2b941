export const memory = {
  title: "Summary of older messages",
  askRemakeAll: "Write all summaries again?",
  remakeAllText: (/** @type {number} */ n) =>
    `The model in use is asked about ${n} times. What you wrote yourself stays.`,
  remakeAll: "Write all again",
  intro:
    "The model gets the recent messages, about 16,000 tokens, and these summaries of the older ones. The messages themselves stay as they are.",
  whole: "Send the whole conversation",
  wholeNote: "As much of it as fits the model. It costs more, and answers come later.",
  atWork: "Older messages are being summarised…",
  none: "None yet: the whole conversation still fits.",
  elsewhere: "Yours, from another branch",
  elsewhereNote: "An earlier message was edited or answered again, so the model does not get this here.",
  edit: "Edit summary",
  remake: "Write it again",
  backToAutomatic: "Back to the automatic summary",
  showFirst: "Show the first message",
  yoursRemoved: "Your text was removed.",
  details: "In more detail",
  label: "Summary",
};
