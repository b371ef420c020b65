/** One moment, pointed at in all charts of a session at once. */
export class Cursor {
  #passing_s = $state(NaN);
  #pinned_s = $state(NaN);

  /** Seconds since the session's start, under the pointer or where it was pinned; NaN where nothing is pointed at. */
  get time_s(): number {
    return Number.isNaN(this.#passing_s) ? this.#pinned_s : this.#passing_s;
  }

  /** Points for as long as the pointer rests or the chart has the focus. */
  set time_s(time_s: number) {
    this.#passing_s = time_s;
  }

  get shown(): boolean {
    return !Number.isNaN(this.time_s);
  }

  get pinned_s(): number {
    return this.#pinned_s;
  }

  /** Stays when the pointer leaves; NaN takes it away. */
  pin(time_s: number): void {
    this.#pinned_s = time_s;
  }

  /** The pointer has left, or the focus. */
  clear(): void {
    this.#passing_s = NaN;
  }
}
