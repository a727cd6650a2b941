export const saving = {
  outdatedPage: "This page can no longer keep messages. Reload it: your text stays.",
  earlierWaits: "An earlier message of this conversation is still waiting to be saved.",
  olderPage: "This page is older than another open one and can no longer keep messages.",
  cannotSave: "Messages cannot be saved at the moment.",
  slow: "Saving takes longer than it should.",
  show: "Show",
  cannotKeep: "This browser cannot keep unsent messages, so your text stays in the message field until it is saved.",
  storageCleared:
    "Messages were waiting in this browser to be saved, and its storage has been cleared since. They are gone from this device.",
  keptUntilItWorks: (/** @type {number} */ waiting) =>
    waiting === 0
      ? "What you write is kept on this device until it works again."
      : `${waiting === 1 ? "One message waits" : `${waiting} messages wait`} on this device and will be saved, in order, when that works again.`,
  keptMeanwhile: (/** @type {number} */ waiting) =>
    waiting === 0
      ? "What you write is kept on this device."
      : `${waiting === 1 ? "One message waits" : `${waiting} messages wait`} on this device and will be saved automatically.`,
  refusedElsewhere: (/** @type {number} */ count) =>
    count === 1
      ? "A message was refused in another conversation. Its text is kept on this device."
      : `${count} messages were refused in other conversations. Their texts are kept on this device.`,
};
