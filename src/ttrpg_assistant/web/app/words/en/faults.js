export const faults = {
  noAnswerInTime: "The assistant did not answer in time.",
  cancelled: "Cancelled.",
  unreachable: "The assistant is not answering.",
  checkRunning: "Check that it is still running on its computer.",
  notSignedIn: "This browser is not signed in.",
  gone: "It no longer exists.",
  tooLong: "This is more text than fits in one message.",
  serverFailed: "The assistant could not do this. Try again in a moment.",
  refused: "The assistant did not accept this.",
  waitingForSignIn: "Sign in to go on.",
};
