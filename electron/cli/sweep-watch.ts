/** Follows a sweep to its end: one line that is drawn again where a person watches, one a pass where nobody does. */
import type { AppError } from '#contract/errors';
import type { SweepProgress, SweepSnapshot } from '#contract/sweep';
import { channelName } from '#contract/sweep-plan';
import { formatBytes, formatCount } from '#contract/text/format';
import { formatWait } from '#contract/text/sweep';
import type { Engine } from '#engine/engine';
import { ask } from './ask.ts';
import { cut } from './table.ts';
import type { Terminal } from './terminal.ts';

const CLEAR = '\r\u001b[2K';

export interface WatchedSweep {
  interrupted: boolean;
  /** Why it could not go on by itself. */
  error: AppError | null;
  sweep: SweepSnapshot;
}

/** `begin` starts or resumes the sweep and answers its name. */
export async function watchSweep(
  engine: Engine,
  terminal: Terminal,
  begin: () => Promise<string>,
): Promise<WatchedSweep> {
  const { text, locale } = terminal;
  let id: string | undefined;
  let interrupted = false;
  let pass = -1;
  let ended!: () => void;
  const over = new Promise<void>((resolve) => (ended = resolve));
  let last: SweepProgress | undefined;

  const show = (progress: SweepProgress): void => {
    const { current, done, steps, repetitions, left_ms } = progress;
    if (current === null || interrupted) return;
    const left = formatWait(left_ms, locale);
    if (terminal.live) {
      const what = `${channelName(current)} ${current.pattern} ${formatBytes(current.size_bytes, locale)}`;
      const line = text.sweep.progress(formatCount(done, locale), formatCount(steps, locale), what, left);
      terminal.err(CLEAR + cut(line, terminal.columns() - 1));
    } else if (current.repetition !== pass) {
      pass = current.repetition;
      terminal.err(`${text.sweep.pass(String(pass + 1), String(repetitions), left)}\n`);
    }
  };
  const unsubscribe = engine.onSweep((progress) => {
    last = progress;
    show(progress);
    if (progress.state !== 'running') ended();
  });
  const ignore = terminal.onInterrupt(() => {
    if (interrupted || id === undefined) return ended();
    interrupted = true;
    if (terminal.live) terminal.err(CLEAR);
    terminal.err(`${text.sweep.stopping}\n`);
    ask(engine, 'sweep.command', { id, command: 'pause' }).catch(() => ended());
  });
  try {
    id = await begin();
    await over;
  } finally {
    ignore();
    unsubscribe();
    if (terminal.live) terminal.err(CLEAR);
  }
  const sweep = await ask(engine, 'sweep.open', { id });
  return { interrupted, error: last?.error ?? null, sweep };
}
