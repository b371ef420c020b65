/** How set-up speaks: one line a step, on stderr, so that stdout stays free for results. */

let quiet = false;

/**
 * Only refusals are printed from here on.
 * @param {boolean} value
 */
export function setQuiet(value) {
  quiet = value;
}

/**
 * Prints a line; `always` even when quiet.
 * @param {string} line
 */
export function say(line, { always = false } = {}) {
  if (!quiet || always) process.stderr.write(`set-up: ${line}\n`);
}

/** Something a person has to do first; its message is the one sentence that they read. */
export class Refusal extends Error {}
