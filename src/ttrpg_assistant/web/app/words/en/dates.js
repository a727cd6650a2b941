export const dates = {
  today: "Today",
  yesterday: "Yesterday",
  todayInSentence: "today",
  yesterdayInSentence: "yesterday",
};
