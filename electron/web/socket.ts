/** One page over one WebSocket: its calls, its stream, its acknowledgements. */
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { AppError } from '#contract/errors';
import { FromWebPageSchema, type FromWebShell } from '#contract/stream';
import { dispatch } from '#engine/dispatch';
import type { Engine } from '#engine/engine';
import { PageStream } from '#engine/page-stream';

/** A tunnel may die without a word: a page that does not answer a ping until the next one is gone. */
const PING_INTERVAL_MS = 30_000;

export function serveSocket(
  socket: WebSocket,
  engine: Pick<Engine, 'handlers' | 'onEvent' | 'onSweep'>,
): void {
  const send = (message: FromWebShell): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const stream = new PageStream(send);
  const unsubscribe = engine.onEvent((event) => stream.push(event));
  const unsubscribeSweep = engine.onSweep((progress) => stream.sweep(progress));

  let alive = true;
  const pings = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_INTERVAL_MS);
  socket.on('pong', () => (alive = true));

  socket.on('message', (data, isBinary) => {
    // ws hands over one Buffer unless told otherwise.
    const message = isBinary ? undefined : parse((data as Buffer).toString('utf8'));
    if (message === undefined) return socket.close(1008, 'not a message of IPC Scope');
    if (!message.success) {
      const id = callId(message.input);
      if (id === undefined) return socket.close(1008, 'not a message of IPC Scope');
      return send({ kind: 'result', id, result: { ok: false, error: badCall(message.issues) } });
    }
    const { output } = message;
    if (output.kind === 'ack') return stream.acknowledge(output.seq);
    void dispatch(engine.handlers, output.name, output.argument).then((result) =>
      send({ kind: 'result', id: output.id, result }),
    );
  });

  // The close event follows; without a listener the error would end the program.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearInterval(pings);
    unsubscribe();
    unsubscribeSweep();
    stream.close();
  });
}

type Parsed = v.SafeParseResult<typeof FromWebPageSchema> & { input: unknown };

function parse(text: string): Parsed | undefined {
  try {
    const input: unknown = JSON.parse(text);
    return { ...v.safeParse(FromWebPageSchema, input), input };
  } catch {
    return undefined;
  }
}

/** The id of something that was meant as a call, so that its asker hears what was wrong. */
function callId(input: unknown): number | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  if (!('kind' in input) || input.kind !== 'call' || !('id' in input)) return undefined;
  return Number.isSafeInteger(input.id) ? (input.id as number) : undefined;
}

function badCall(issues: readonly v.BaseIssue<unknown>[]): AppError {
  return {
    code: 'bad_request',
    message: issues.map((issue) => issue.message).join('; '),
    remedy: 'Send { kind: "call", id, name, argument } with a name of the channel map.',
  };
}
