/** Commands of a running session: checked against its state and what `describe` says, then written as one line. */
import type { MechanismInfo } from '#contract/describe';
import { AppException, fail } from '#contract/errors';
import type { Hello } from '#contract/frames';
import type { SessionCommand, SessionState } from '#contract/session';
import { checkOption } from '#contract/spec';
import { utteranceFault } from '#contract/utterance';

export interface CommandContext {
  state: SessionState;
  mechanism: MechanismInfo;
  hello: Hello | null;
}

const ALLOWED: Readonly<Record<SessionCommand['command'], readonly SessionState[]>> = {
  pause: ['running'],
  resume: ['paused'],
  stop: ['starting', 'running', 'paused', 'stopping'],
  set: ['running', 'paused'],
  kill: ['running', 'paused'],
  say: ['running'],
};

/** The line for the helper, or an AppException that says what would be right. */
export function commandLine(command: SessionCommand, context: CommandContext): string {
  const states = ALLOWED[command.command];
  if (!states.includes(context.state)) {
    fail('wrong_state', `the session is ${context.state}`, `It can be done while ${states.join(' or ')}.`, {
      where: command.command,
      value: context.state,
      allowed: states.join(', '),
    });
  }
  switch (command.command) {
    case 'pause':
    case 'resume':
    case 'stop':
      return command.command;
    case 'set':
      return setLine(command, context.mechanism);
    case 'kill':
      return killLine(command, context.hello);
    case 'say':
      return sayLine(command, context.hello);
  }
}

function setLine(command: SessionCommand & { command: 'set' }, mechanism: MechanismInfo): string {
  const live = mechanism.options.filter((option) => option.live);
  const option = live.find(({ name }) => name === command.option);
  if (option === undefined) {
    fail(
      'bad_request',
      `${command.option} cannot be changed while a session runs`,
      'Change one of the live options.',
      { where: 'set', value: command.option, allowed: live.map(({ name }) => name).join(', ') },
    );
  }
  const checked = checkOption(option, command.value);
  if (!checked.ok) throw new AppException(checked.error);
  return `set ${option.name} ${command.value}`;
}

function killLine(command: SessionCommand & { command: 'kill' }, hello: Hello | null): string {
  const processes = hello?.processes ?? [];
  if (!processes.some(({ role, index }) => role === command.role && index === command.index)) {
    fail('bad_request', 'the session has no such process', 'Name one of its processes.', {
      where: 'kill',
      value: `${command.role} ${command.index}`,
      allowed: processes.map(({ role, index }) => `${role} ${index}`).join(', '),
    });
  }
  return `kill ${command.role} ${command.index}`;
}

function sayLine(command: SessionCommand & { command: 'say' }, hello: Hello | null): string {
  if (hello?.pattern !== 'dialogue') {
    fail('bad_command', 'nobody speaks in this session', 'Start one of the pattern dialogue.', {
      where: 'say',
    });
  }
  const size = hello.options['size_bytes'];
  const fault = utteranceFault(command.text, typeof size === 'number' ? size : undefined);
  if (fault !== undefined) throw new AppException(fault);
  return `say ${command.role} ${command.text}`;
}
