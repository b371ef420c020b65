import { describe, expect, it } from 'vitest';
import type { AppError } from '#contract/errors';
import type { SessionCommand } from '#contract/session';
import { speakerOf, Talk } from './talk.ts';
import { processTerminal } from './terminal.ts';

describe('a line of a dialogue', () => {
  it.each([
    ['a: hello', 'producer', 'hello'],
    ['B:안녕', 'consumer', '안녕'],
    ['  consumer : a: b', 'consumer', 'a: b'],
    ['Producer:', 'producer', ''],
  ])('%j', (line, role, text) => {
    expect(speakerOf(line)).toEqual({ role, text });
  });

  it.each(['hello', 'about: nothing', ': a'])('%j names nobody', (line) => {
    expect(speakerOf(line)).toBeUndefined();
  });
});

function talk(send: (command: SessionCommand) => Promise<unknown>) {
  let type: (line: string | undefined) => void = () => undefined;
  const refused: AppError[] = [];
  const terminal = {
    ...processTerminal(),
    onLine: (run: (line: string | undefined) => void) => {
      type = run;
      return () => undefined;
    },
  };
  const begun: Talk = new Talk(
    terminal,
    async (command) => {
      await send(command);
      // Heard a little later, as a session would.
      setTimeout(() => begun.settled(), 1);
    },
    (error) => refused.push(error),
  );
  return { begun, refused, type: (...lines: (string | undefined)[]) => lines.forEach((line) => type(line)) };
}

describe('what is typed', () => {
  it('waits for the session, takes turns, and ends it at the end of the input', async () => {
    const sent: SessionCommand[] = [];
    const { begun, type } = talk((command) => Promise.resolve(sent.push(command)));
    type('one', 'two', 'b: three', '', 'four', undefined);
    expect(sent).toEqual([]);
    begun.begin();
    await expect.poll(() => sent.length).toBe(5);
    expect(sent).toEqual([
      { command: 'say', role: 'producer', text: 'one' },
      { command: 'say', role: 'consumer', text: 'two' },
      { command: 'say', role: 'consumer', text: 'three' },
      { command: 'say', role: 'producer', text: 'four' },
      { command: 'stop' },
    ]);
  });

  it('is refused where it cannot be said, and the next line goes on', async () => {
    const sent: SessionCommand[] = [];
    const { begun, type, refused } = talk((command) => Promise.resolve(sent.push(command)));
    begun.begin();
    type('x'.repeat(1001), 'a: ', 'fine');
    await expect.poll(() => sent).toEqual([{ command: 'say', role: 'producer', text: 'fine' }]);
    expect(refused.map(({ value }) => value)).toEqual(['1001 bytes', '0 bytes']);
  });
});
