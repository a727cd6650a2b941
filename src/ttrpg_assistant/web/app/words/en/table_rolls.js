/** Rolling on random tables. */
export const tableRolls = {
  title: "Roll on this table",
  roll: "Roll on this table",
  again: "Roll again",
  kept: (/** @type {number} */ number) => `in the dice log of game session ${number}`,
};
