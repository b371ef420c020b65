/** An engine on a folder of its own, the events it told, and helpers that misbehave. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Answer, Argument, ChannelName } from '../../electron/contract/channels.ts';
import type { AppError, Result } from '../../electron/contract/errors.ts';
import type { SessionFrame, Summary } from '../../electron/contract/frames.ts';
import { isOver, type SessionEvent, type SessionInfo } from '../../electron/contract/session.ts';
import { SampleDeriver } from '../../electron/contract/series.ts';
import { dispatch } from '../../electron/engine/dispatch.ts';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import { helper as realHelper } from '../support/helper.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ipc-scope-engine-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export class TestEngine {
  readonly engine: Engine;
  readonly folder: string;
  readonly events: SessionEvent[] = [];

  constructor(engine: Engine, folder: string) {
    this.engine = engine;
    this.folder = folder;
    engine.onEvent((event) => this.events.push(event));
  }

  ask<Name extends ChannelName>(name: Name, argument?: Argument<Name>): Promise<Result<Answer<Name>>> {
    return dispatch(this.engine.handlers, name, argument) as Promise<Result<Answer<Name>>>;
  }

  /** The answer, where a refusal would be a failure of the test. */
  async get<Name extends ChannelName>(name: Name, argument?: Argument<Name>): Promise<Answer<Name>> {
    const result = await this.ask(name, argument);
    if (!result.ok) throw new Error(`${name} was refused: ${JSON.stringify(result.error)}`);
    return result.value;
  }

  async refusal<Name extends ChannelName>(name: Name, argument?: Argument<Name>): Promise<AppError> {
    const result = await this.ask(name, argument);
    if (result.ok) throw new Error(`${name} was not refused`);
    return result.error;
  }

  start(mechanism: string, options: Record<string, string | number | boolean>): Promise<SessionInfo> {
    return this.get('session.start', { mechanism, options });
  }

  frames<T extends SessionFrame['t']>(t: T): Extract<SessionFrame, { t: T }>[] {
    return this.events
      .flatMap((event) => (event.event === 'frame' ? [event.frame] : []))
      .filter((frame): frame is Extract<SessionFrame, { t: T }> => frame.t === t);
  }

  /** Samples that the session's ticks amount to: one each, save those cut short by a change of phase. */
  samples(): number {
    const deriver = new SampleDeriver(this.frames('hello')[0] ?? { processes: [] });
    return this.frames('tick').filter((tick) => deriver.push(tick) !== undefined).length;
  }

  errors(): AppError[] {
    return this.events.flatMap((event) => (event.event === 'error' ? [event.error] : []));
  }

  states(): string[] {
    return this.events.flatMap((event) => (event.event === 'state' ? [event.state] : []));
  }

  async until<T>(found: () => T | undefined | false, patience_ms = 10_000): Promise<T> {
    const deadline = Date.now() + patience_ms;
    for (;;) {
      const answer = found();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline)
        throw new Error(`it did not happen; events: ${JSON.stringify(this.events).slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async over(patience_ms?: number): Promise<Summary | undefined> {
    await this.until(
      () => this.events.some((event) => event.event === 'state' && isOver(event.state)),
      patience_ms,
    );
    return this.frames('summary')[0];
  }
}

export async function openOn(folder: string, helper = realHelper, record = true): Promise<TestEngine> {
  const engine = await openEngine({
    helper,
    folder,
    record,
    app: {
      host: 'web',
      version: '0.0.0',
      runtime: 'test',
      platform: process.platform,
      system_locale: 'en',
      data_folder: folder,
    },
  });
  cleanups.push(() => engine.close());
  return new TestEngine(engine, folder);
}

export async function open(helper?: string): Promise<TestEngine> {
  return openOn(await newFolder(), helper);
}

/** A program in the helper's place that does what the script says; `print` writes a frame. */
export async function badHelper(script: string, mode = 0o755): Promise<string> {
  const path = join(await newFolder(), 'helper');
  const prelude = `#!${process.execPath}
const [command] = process.argv.slice(2);
const print = (frame) => process.stdout.write((typeof frame === 'string' ? frame : JSON.stringify(frame)) + '\\n');
const linger = () => setInterval(() => {}, 1000);
`;
  await writeFile(path, prelude + script);
  await chmod(path, mode);
  return path;
}
