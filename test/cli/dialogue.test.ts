/** `ipc-scope run … --pattern dialogue`: what is typed is said by real processes. */
import { describe, expect, it } from 'vitest';
import { leftovers } from '../support/helper.ts';
import { shell } from './support.ts';

const heard = (err: string): string[] =>
  [...err.matchAll(/\(pid \d+\): (.*) · /g)].map((line) => line[1] ?? '');

describe('ipc-scope run --pattern dialogue', () => {
  it('says piped lines turn by turn, shows who said what, and ends with the input', async () => {
    const { begin, run } = await shell();
    const session = begin('run', 'pipe', '--pattern', 'dialogue');
    session.child.stdin.end('a: Hello.\nb: 안녕!\nand you?\nA: and what\nb: bye');
    const { code, out, err } = await session.ended;
    expect(heard(err)).toEqual(['Hello.', '안녕!', 'and you?', 'and what', 'bye']);
    expect(err).toMatch(/^producer \(pid \d+\): Hello\. · /m);
    expect(err).toMatch(/^consumer \(pid \d+\): 안녕! · /m);
    // A line without a name is said by whoever did not speak last.
    expect(err).toMatch(/^producer \(pid \d+\): and you\? · /m);
    expect(out).toMatch(/^pipe · plain · dialogue/);
    expect(code).toBe(0);
    expect(leftovers()).toEqual([]);
    const [recorded] = JSON.parse((await run('runs', '--json')).out);
    expect(recorded).toMatchObject({ summary: { pattern: 'dialogue', messages: 5, ended_by: 'stop' } });
  });

  it('ends after as many lines as were asked for, although more could be typed', async () => {
    const { begin } = await shell();
    const session = begin('run', 'tcp', '--pattern', 'dialogue', '--messages', '2', '--json');
    session.child.stdin.write('one\ntwo\n');
    const { code, out } = await session.ended;
    expect(JSON.parse(out)).toMatchObject({ messages: 2, ended_by: 'count', integrity: { lost: 0 } });
    expect(code).toBe(0);
  });

  it('says why a line cannot be said, and goes on', async () => {
    const { begin } = await shell();
    const session = begin('run', 'pipe', '--pattern', 'dialogue');
    session.child.stdin.end(`a: ${'x'.repeat(1001)}\na: tab\there\na: fine\n`);
    const { code, err } = await session.ended;
    expect(err).toContain('the line is too long (1001 bytes)');
    expect(err).toContain('control character');
    expect(heard(err)).toEqual(['fine']);
    expect(code).toBe(0);
  });

  it('Ctrl-C ends it in order, with nothing typed', async () => {
    const { begin } = await shell();
    const session = begin('run', 'pipe', '--pattern', 'dialogue');
    await session.until(() => session.err.includes('Type “a: text”'));
    session.interrupt();
    expect((await session.ended).code).toBe(130);
    expect(leftovers()).toEqual([]);
  });

  it('cannot be repeated, and takes no rate', async () => {
    const { run } = await shell();
    expect(await run('run', 'pipe', '--pattern', 'dialogue', '--repeat', '2')).toMatchObject({
      code: 2,
      out: '',
    });
    const paced = await run('run', 'pipe', '--pattern', 'dialogue', '--rate', '5');
    expect(paced.code).toBe(2);
    expect(paced.err).toContain('--rate');
  });
});
