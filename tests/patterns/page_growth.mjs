/** How a cost grows with the length of a text, in Node: the twin of `growth.py`. */

/** Milliseconds of work in one reading: below this the clock's own noise shows. */
const ENOUGH = 0.5;

/** How many times more eight times the text may cost: linear is 8, quadratic is 64. */
export const STEP = 8;
export const WORST = 26;

/** Milliseconds of processor time that this process has used. */
function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The least of several readings of the processor time of one run, in milliseconds. */
export function cost(run, readings = 3) {
  let least = Infinity;
  for (let reading = 0; reading < readings; reading += 1) {
    const begun = clock();
    let times = 0;
    let spent = 0;
    while (spent < ENOUGH) {
      run();
      times += 1;
      spent = clock() - begun;
    }
    least = Math.min(least, spent / times);
  }
  return least;
}

/** About so many characters: `beginning`, `pump` as often as it takes, `end`. */
export function textOf({ beginning = "", pump, end = "" }, length) {
  const room = Math.max(0, length - beginning.length - end.length);
  // A joined string is a tree inside; the copy is one run of characters, as text from outside is.
  return Buffer.from(beginning + pump.repeat(Math.floor(room / pump.length)) + end, "utf16le").toString("utf16le");
}

/**
 * Empty where the cost grows about linearly; else how. Slowly up, because an exponential one never
 * comes back, and only what looks steep is measured again, patiently.
 */
export function findSteep(run, attack, small = 300) {
  let before = 0;
  for (const length of [12, 24, 36, 48, 96, small, small * STEP]) {
    const text = textOf(attack, length);
    const begun = clock();
    run(text);
    const spent = clock() - begun;
    if (before > 2 && spent > WORST * before) return `${(spent / before).toFixed(0)} times the cost at ${length} characters`;
    before = spent;
  }
  const few = textOf(attack, small);
  const many = textOf(attack, small * STEP);
  let ratio = 0;
  for (const readings of [1, 3, 7]) {
    ratio = cost(() => run(many), readings) / cost(() => run(few), readings);
    if (ratio <= WORST) return "";
  }
  return `${ratio.toFixed(0)} times the cost for ${STEP} times the text`;
}

export const LENGTHS = [1_000, 10_000, 100_000, 200_000];

/** Milliseconds at each of `LENGTHS` of the attack that costs most at 500 characters. */
export function figuresOf(run, attacks) {
  const spend = (attack, length) => {
    const text = textOf(attack, length);
    return cost(() => run(text), 1);
  };
  const worst = attacks.map((attack) => ({ attack, spent: spend(attack, 500) })).reduce((a, b) => (b.spent > a.spent ? b : a)).attack;
  return { worst, spent: LENGTHS.map((length) => spend(worst, length)) };
}
