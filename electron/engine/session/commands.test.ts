import { describe, expect, it } from 'vitest';
import { AppException } from '#contract/errors';
import type { SessionCommand } from '#contract/session';
import { describeFrame, hello } from '#contract/test-frames';
import { commandLine, type CommandContext } from './commands.ts';

const mechanism = describeFrame().mechanisms[0];
if (mechanism === undefined) throw new Error('no mechanism');
const running: CommandContext = { state: 'running', mechanism, hello: hello() };

function refusal(command: SessionCommand, context = running) {
  try {
    return commandLine(command, context);
  } catch (thrown) {
    return thrown instanceof AppException ? thrown.error : thrown;
  }
}

describe('a command to a running session', () => {
  it('is written as one line', () => {
    expect(commandLine({ command: 'pause' }, running)).toBe('pause');
    expect(commandLine({ command: 'resume' }, { ...running, state: 'paused' })).toBe('resume');
    expect(commandLine({ command: 'stop' }, { ...running, state: 'starting' })).toBe('stop');
    expect(commandLine({ command: 'set', option: 'rate', value: 1000 }, running)).toBe('set rate 1000');
    expect(commandLine({ command: 'kill', role: 'producer', index: 0 }, running)).toBe('kill producer 0');
  });

  it('sets a choice to one of its words and to nothing else', () => {
    const verify = {
      kind: 'choice' as const,
      name: 'verify',
      flag: '--verify',
      values: ['none', 'full'],
      default: 'none',
      live: true,
      advanced: false,
    };
    const context = { ...running, mechanism: { ...mechanism, options: [verify] } };
    expect(commandLine({ command: 'set', option: 'verify', value: 'full' }, context)).toBe('set verify full');
    expect(refusal({ command: 'set', option: 'verify', value: 'half' }, context)).toMatchObject({
      code: 'not_a_choice',
      allowed: 'none, full',
    });
    expect(refusal({ command: 'set', option: 'verify', value: 3 }, context)).toMatchObject({
      code: 'not_a_choice',
    });
  });

  it('is refused in a state where it means nothing', () => {
    for (const [command, state] of [
      ['pause', 'paused'],
      ['resume', 'running'],
      ['pause', 'stopping'],
    ] as const) {
      expect(refusal({ command }, { ...running, state })).toMatchObject({
        code: 'wrong_state',
        where: command,
      });
    }
  });

  it('changes live options only, within their range', () => {
    expect(refusal({ command: 'set', option: 'size_bytes', value: 5 })).toMatchObject({
      code: 'bad_request',
      value: 'size_bytes',
      allowed: 'rate',
    });
    expect(refusal({ command: 'set', option: 'nonsense', value: 5 })).toMatchObject({ code: 'bad_request' });
    expect(refusal({ command: 'set', option: 'rate', value: 2_000_000_000 })).toMatchObject({
      code: 'out_of_range',
      allowed: '0..1000000000',
    });
  });

  it('says a line in a dialogue, and nothing that would end the line', () => {
    const dialogue = { ...running, hello: { ...hello(), pattern: 'dialogue', options: { size_bytes: 64 } } };
    const say = (text: string): SessionCommand => ({ command: 'say', role: 'consumer', text });
    expect(commandLine(say(' 안녕  하세요 '), dialogue)).toBe('say consumer  안녕  하세요 ');
    expect(refusal(say('a\nstop'), dialogue)).toMatchObject({ code: 'bad_command', where: 'say' });
    expect(refusal(say('x'.repeat(41)), dialogue)).toMatchObject({ value: '41 bytes' });
    expect(refusal(say('hello'))).toMatchObject({ code: 'bad_command', where: 'say' });
    expect(refusal(say('hello'), { ...dialogue, state: 'paused' })).toMatchObject({ code: 'wrong_state' });
  });

  it('kills only processes that there are', () => {
    expect(refusal({ command: 'kill', role: 'consumer', index: 3 })).toMatchObject({
      code: 'bad_request',
      value: 'consumer 3',
      allowed: 'producer 0, consumer 0',
    });
  });
});
