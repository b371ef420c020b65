/** How far a long benchmark has come, on stderr: one line that is written over, or a line now and then where that goes to a file. */

/** @param {number} ms */
export function timeLeft(ms) {
  if (!Number.isFinite(ms)) return '';
  if (ms < 90_000) return `about ${Math.max(1, Math.round(ms / 1000))} s left`;
  return `about ${Math.round(ms / 60_000)} min left`;
}

export class Progress {
  #began = Date.now();
  #done = 0;
  #shown = 0;

  /**
   * @param {number} all steps
   * @param {NodeJS.WriteStream} stream
   */
  constructor(all, stream = process.stderr) {
    this.all = all;
    this.stream = stream;
  }

  /**
   * A step begins.
   * @param {string} what
   */
  step(what) {
    const now = Date.now();
    const left = this.#done === 0 ? NaN : ((now - this.#began) / this.#done) * (this.all - this.#done);
    const line = `[${this.#done + 1}/${this.all}] ${what}  ${timeLeft(left)}`;
    this.#done++;
    if (this.stream.isTTY) this.stream.write(`\r\u001b[K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
    else if (now - this.#shown > 10_000) this.stream.write(`${line}\n`);
    else return;
    this.#shown = now;
  }

  /**
   * Steps that turned out not to be needed.
   * @param {number} steps
   */
  skip(steps) {
    this.all -= steps;
  }

  end() {
    if (this.stream.isTTY) this.stream.write('\r\u001b[K');
  }
}
