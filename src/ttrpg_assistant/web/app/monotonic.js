/**
 * Milliseconds on a clock that only goes forward, whatever is done to the clock of the machine.
 * It means nothing by itself: how long something lasts is the difference of two readings. What the
 * machine's own clock shows (`Date`) is for saying when something was.
 */
export const monotonicNow = () => performance.now();

/**
 * How long ago a moment of the machine's clock was, in milliseconds: from 0 to `atMost`, because
 * clocks differ and are set. Ask once, at first sight, and count on with `monotonicNow`.
 * @param {string} moment @param {number} atMost
 */
export function ageOf(moment, atMost) {
  const age = Date.now() - Date.parse(moment);
  return Math.min(Math.max(0, Number.isNaN(age) ? atMost : age), atMost);
}
