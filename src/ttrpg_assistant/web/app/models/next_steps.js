/**
 * What a campaign still lacks, in the order in which it is of use. Each step is gone when it is done
 * or was dismissed.
 *
 * @typedef {"npc" | "plan" | "model" | "start"} StepId
 * @typedef {{ id: StepId, number: number }} NextStep `number` of the game session that is meant
 * @typedef {{ session_number: number, status: string }} GameSession
 *
 * @param {object} known
 * @param {number} known.npcs how many there are
 * @param {readonly GameSession[]} known.gameSessions all of them
 * @param {boolean} known.builtIn whether the built-in model answers
 * @param {readonly string[]} known.dismissed
 * @returns {NextStep[]}
 */
export function nextSteps({ npcs, gameSessions, builtIn, dismissed }) {
  const numbers = (/** @type {(each: GameSession) => boolean} */ wanted) =>
    gameSessions.filter(wanted).map((each) => each.session_number);
  const planned = numbers(({ status }) => status === "planned");
  const started = numbers(({ status }) => status !== "planned");
  const running = gameSessions.some(({ status }) => status === "running");
  const next = Math.max(0, ...numbers(() => true)) + 1;
  /** @type {[boolean, NextStep][]} */
  const steps = [
    [npcs === 0, { id: "npc", number: 0 }],
    [planned.length === 0 && !running, { id: "plan", number: next }],
    [builtIn, { id: "model", number: 0 }],
    [started.length === 0, { id: "start", number: planned.length > 0 ? Math.min(...planned) : next }],
  ];
  return steps.filter(([open, { id }]) => open && !dismissed.includes(id)).map(([, step]) => step);
}
