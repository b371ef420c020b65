/** One moment, pointed at in all charts of a session at once. */
export class Cursor {
  /** Seconds since the session's start; NaN where nothing is pointed at. */
  time_s = $state(NaN);

  get shown(): boolean {
    return !Number.isNaN(this.time_s);
  }

  clear(): void {
    this.time_s = NaN;
  }
}
