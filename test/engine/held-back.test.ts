/** A disk that hangs holds the helper's frames back; nobody is called silent for that. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { describeFrame, hello, summary, tick } from '../../electron/contract/test-frames.ts';
import type { SessionEvent } from '../../electron/contract/session.ts';
import { HelperProcess, type HelperEnd } from '../../electron/engine/helper/process.ts';
import type { Recorder } from '../../electron/engine/recordings/recorder.ts';
import { Session, STOP_LIMIT_MS, type RecordedSession } from '../../electron/engine/session/session.ts';
import { badHelper } from './support.ts';

const SILENCE_MS = 300;
const frames = JSON.stringify(`${JSON.stringify(hello())}\n${JSON.stringify(tick(1))}\n`);

interface Watched {
  child: HelperProcess;
  taken: string[];
  end: Promise<HelperEnd>;
}

/** Pauses at the first frame, with the second one in the same chunk. */
async function pausedHelper(script: string): Promise<Watched> {
  const path = await badHelper(script);
  return new Promise((resolve) => {
    let ended: (end: HelperEnd) => void;
    const taken: string[] = [];
    const end = new Promise<HelperEnd>((done) => (ended = done));
    const child = new HelperProcess(
      path,
      ['run'],
      {
        frame: ({ t }) => {
          taken.push(t);
          if (taken.length > 1) return;
          child.pause();
          resolve({ child, taken, end });
        },
        badLine: () => undefined,
        end: (how) => ended(how),
      },
      SILENCE_MS,
    );
  });
}

describe('a helper that is held back', () => {
  it('may be silent as long as it is held, and no longer', async () => {
    const { child, taken, end } = await pausedHelper(`process.stdout.write(${frames}); linger();`);
    expect(await Promise.race([end, sleep(4 * SILENCE_MS)])).toBeUndefined();
    expect(taken).toEqual(['hello', 'tick']);
    child.resume();
    expect((await end).error).toMatchObject({ code: 'helper_silent' });
  });

  it('that has ended is not waited for when it is let go', async () => {
    const { child, end } = await pausedHelper(`process.stdout.write(${frames});`);
    expect((await end).error).toBeUndefined();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    child.resume();
    expect(timers()).toBe(before);
  });
});

describe('a session that is held back', () => {
  it(
    'is not ended by force for its missing summary',
    async () => {
      const helper = await badHelper(`
print(${JSON.stringify(hello())});
process.stdin.once('data', () => {
  print(${JSON.stringify({ ...summary(), ended_by: 'stop' })});
  setTimeout(() => process.exit(), ${STOP_LIMIT_MS + 1000});
});
`);
      const [mechanism] = describeFrame().mechanisms;
      if (mechanism === undefined) throw new Error('the frame made up for tests has no mechanism');
      const events: SessionEvent[] = [];
      let recorded: RecordedSession | undefined;
      const session = new Session({
        helper,
        mechanism,
        info: {
          id: '20261121-041500-pipe-7f3a',
          spec: { mechanism: 'pipe', options: {} },
          state: 'starting',
          created_ms: 0,
        },
        emit: (event) => events.push(event),
        record: (asked) => {
          recorded = asked;
          return { write: () => undefined, close: async () => undefined } as unknown as Recorder;
        },
      });
      await session.started;
      recorded?.pressure(true);
      session.stop();
      await sleep(STOP_LIMIT_MS + 500);
      recorded?.pressure(false);
      expect(await session.over).toEqual({ byForce: false });
      expect(session.info.state).toBe('finished');
      expect(events.filter(({ event }) => event === 'error')).toEqual([]);
    },
    STOP_LIMIT_MS + 10_000,
  );
});
