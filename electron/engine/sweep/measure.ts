/** One measurement of a sweep: a session of its own that nobody watches and that leaves no recording. */
import { AppException, toAppError, type AppError } from '#contract/errors';
import { errorOf, type Summary } from '#contract/frames';
import type { MechanismInfo } from '#contract/describe';
import { errorsOf } from '#contract/series';
import type { SessionSpec } from '#contract/spec';
import type { SweepFigures } from '#contract/sweep';
import { Session } from '../session/session.ts';

/** Beyond warm-up and measuring: for starting, draining and ending on a machine that is busy. */
const EXTRA_MS = 30_000;

/** Ctrl-C in a terminal reaches the helper as well as us: whether we are to stop is known by then. */
const STOPPED_BY_OTHERS_MS = 300;

export interface Outcome {
  figures: SweepFigures | null;
  error: AppError | null;
  /** The helper was killed or crashed: what it made is still there. */
  byForce: boolean;
}

export interface Measurement {
  /** Settles when its processes are gone; never rejects. */
  readonly over: Promise<Outcome>;
  /** Ends it before its time; what it measured counts for nothing. */
  stop(limit_ms?: number): void;
}

export function measure(
  helper: string,
  mechanism: MechanismInfo,
  spec: SessionSpec,
  limit_ms = EXTRA_MS,
): Measurement {
  let cause: AppError | undefined;
  let summary: Summary | undefined;
  let overdue = false;
  const session = new Session({
    helper,
    mechanism,
    info: { id: 'sweep', spec, state: 'starting', created_ms: Date.now() },
    record: null,
    emit: (event) => {
      if (event.event === 'error' && event.fatal) cause ??= event.error;
      if (event.event !== 'frame') return;
      if (event.frame.t === 'error' && event.frame.fatal) cause ??= errorOf(event.frame);
      if (event.frame.t === 'summary') summary = event.frame;
    },
  });
  session.started.catch((thrown: unknown) => {
    cause ??= thrown instanceof AppException ? thrown.error : toAppError(thrown);
  });
  const { duration_ms, warmup_ms } = spec.options;
  const timer = setTimeout(
    () => {
      overdue = true;
      session.stop();
    },
    Number(duration_ms) + Number(warmup_ms) + limit_ms,
  );
  return {
    over: session.over.then(async ({ byForce }) => {
      clearTimeout(timer);
      if (summary?.ended_by === 'stop') await new Promise((go) => setTimeout(go, STOPPED_BY_OTHERS_MS));
      const error = (overdue ? tookTooLong : undefined) ?? cause ?? (summary && faultOf(summary)) ?? null;
      const figures = error === null && summary !== undefined ? figuresOf(summary) : null;
      return { figures, error: figures === null ? (error ?? nothingSaid) : null, byForce };
    }),
    stop: (limit = 0) => {
      if (limit > 0) session.end(limit);
      else session.stop();
    },
  };
}

/** Why a session that summed up was none all the same. */
function faultOf({ ended_by, processes }: Summary): AppError | undefined {
  if (ended_by === 'duration' || ended_by === 'count') return undefined;
  const died = processes.find(({ exit }) => exit !== 'exit 0');
  return {
    code: 'peer_failed',
    message: `ended by ${ended_by}`,
    remedy: 'Measure it again.',
    ...(died === undefined ? {} : { where: `${died.role} ${died.index}`, value: died.exit }),
  };
}

function figuresOf({
  messages,
  messages_per_s,
  bytes_per_s,
  latency,
  integrity,
  warnings,
}: Summary): SweepFigures {
  return {
    messages,
    messages_per_s,
    bytes_per_s,
    latency_kind: latency.kind,
    samples: latency.samples,
    p50_ns: latency.p50_ns,
    p99_ns: latency.p99_ns,
    faults: errorsOf(integrity),
    warnings: [...new Set(warnings.map(({ code }) => code))],
  };
}

const tookTooLong: AppError = {
  code: 'timed_out',
  message: 'the measurement did not end in time',
  remedy: 'See whether this machine is overloaded, and measure it again.',
};

const nothingSaid: AppError = {
  code: 'helper_crashed',
  message: 'no summary',
  remedy: 'Measure it again.',
};
