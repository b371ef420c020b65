/** One line on stderr that is drawn again and again while a session runs; lines of text go above it. */
import type { Hello, SessionFrame } from '#contract/frames';
import { SampleDeriver } from '#contract/series';
import type { SessionState } from '#contract/session';
import { formatBytesRate, formatDuration, formatRate, formatShare } from '#contract/text/format';
import { cut } from './table.ts';
import type { Terminal } from './terminal.ts';

const CLEAR = '\r\u001b[2K';
/** A person reads no faster. */
const LEAST_MS = 100;

export class LiveLine {
  readonly #terminal: Terminal;
  #deriver: SampleDeriver | undefined;
  #name = '';
  #line = '';
  #drawnAt = -Infinity;
  #state: SessionState = 'starting';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  state(state: SessionState): void {
    this.#state = state;
  }

  frame(frame: SessionFrame): void {
    if (frame.t === 'hello') {
      this.#deriver = new SampleDeriver(frame);
      this.#name = nameOf(frame);
    } else if (frame.t === 'tick' && this.#deriver !== undefined) {
      const row = this.#deriver.push(frame);
      const now = performance.now();
      if (row === undefined || now - this.#drawnAt < LEAST_MS) return;
      this.#drawnAt = now;
      this.#draw(row, this.#deriver, frame.phase === 'warmup');
    }
  }

  /** A line of text that stays. */
  say(text: string): void {
    this.clear();
    this.#terminal.err(`${text}\n`);
  }

  clear(): void {
    if (this.#line !== '') this.#terminal.err(CLEAR);
    this.#line = '';
  }

  #draw(row: Float64Array, { columns }: SampleDeriver, warmup: boolean): void {
    if (!this.#terminal.live) return;
    const { locale, text } = this.#terminal;
    const value = (key: string): number => row[columns.findIndex((column) => column.key === key)] ?? NaN;
    const parts = [
      this.#name,
      formatDuration(value('elapsed_s') * 1e9, locale),
      formatRate(value('messages_per_s'), locale),
      formatBytesRate(value('bytes_per_s'), locale),
      `p50 ${formatDuration(value('p50_ns'), locale)}`,
      `p99 ${formatDuration(value('p99_ns'), locale)}`,
      `${text.queue} ${formatShare(value('queue_share'), locale)}`,
    ];
    if (warmup) parts.push(text.warmup);
    if (this.#state === 'paused' || this.#state === 'stopping') parts.push(text.state[this.#state]);
    this.#line = cut(parts.join(' · '), this.#terminal.columns() - 1);
    this.#terminal.err(CLEAR + this.#line);
  }
}

function nameOf({ mechanism, pattern }: Hello): string {
  return `${mechanism} ${pattern}`;
}
