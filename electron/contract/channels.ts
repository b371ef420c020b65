/**
 * Everything a page may ask, with the schema of its argument and the type of its answer. Desktop and web shells derive
 * their registrars from it, the preload and the page their calls; what is not in here cannot be asked.
 */
import * as v from 'valibot';
import { channel } from './channel.ts';
import type { Describe } from './describe.ts';
import type { AppError, Result } from './errors.ts';
import { MarkIdSchema, MarkSchema, type Mark } from './marks.ts';
import {
  ExportFormatSchema,
  RunIdSchema,
  RunLabelSchema,
  type ExportedFile,
  type RunInfo,
  type RunLabel,
} from './runs.ts';
import { FramesRangeSchema, type FramesAnswer } from './replay.ts';
import {
  PieceSchema,
  ReceiveSchema,
  TaskSchema,
  TransferIdSchema,
  type Imported,
  type PackedRun,
  type TaskProgress,
} from './run-files.ts';
import { count } from './numbers.ts';
import { SessionCommandSchema, type SessionInfo, type SessionSnapshot } from './session.ts';
import { LOCALES, SettingsSchema, type Settings } from './settings.ts';
import { SessionSpecSchema } from './spec.ts';
import { sweepChannels } from './sweep-channels.ts';

export interface AppInfo {
  host: 'desktop' | 'web';
  version: string;
  /** `Electron 45.4.1`, `Node 20.20.2`, … */
  runtime: string;
  platform: string;
  /** BCP 47 tag of the system's language. */
  system_locale: string;
  /** Where runs are recorded. */
  data_folder: string;
}

const nothing = v.undefined_();
const runId = v.object({ id: RunIdSchema });

export const channels = {
  'app.info': channel<AppInfo>()(nothing),
  /** What was found when the app started, settings that were damaged for instance; the same as long as it runs. */
  'app.problems': channel<AppError[]>()(nothing),
  'settings.get': channel<Settings>()(nothing),
  'settings.set': channel<Settings>()(v.partial(SettingsSchema)),
  'helper.describe': channel<Describe>()(nothing),
  'session.start': channel<SessionInfo>()(SessionSpecSchema),
  'session.command': channel<void>()(v.object({ id: RunIdSchema, command: SessionCommandSchema })),
  /** Sessions that are not over. */
  'session.list': channel<SessionInfo[]>()(nothing),
  'session.snapshot': channel<SessionSnapshot>()(runId),
  'runs.list': channel<RunInfo[]>()(nothing),
  'runs.open': channel<SessionSnapshot>()(runId),
  /** Of a running session what there is so far. `locale` is the language of a report; English where it is not given. */
  'runs.export': channel<ExportedFile>()(
    v.object({ id: RunIdSchema, format: ExportFormatSchema, locale: v.optional(v.picklist(LOCALES)) }),
  ),
  /** Changes what is given of the label and keeps the rest; nothing given: asks for it. */
  'runs.label': channel<RunLabel>()(v.object({ id: RunIdSchema, change: v.partial(RunLabelSchema) })),
  /** Sets a mark in a run, also in one that is still recorded, or changes the one of the same id. */
  'runs.mark': channel<Mark>()(v.object({ id: RunIdSchema, mark: MarkSchema })),
  /** Takes a mark away; one that is not there is no fault. */
  'runs.unmark': channel<void>()(v.object({ id: RunIdSchema, mark: MarkIdSchema })),
  'runs.delete': channel<void>()(runId),
  /** Takes back `runs.delete`: for ten minutes, while the app runs and the disk has room. */
  'runs.restore': channel<void>()(runId),
  ...sweepChannels,
  /** Runs that went to the trash because of the limits in the settings; each is told once. */
  'runs.tidied': channel<RunInfo[]>()(nothing),
  /** A stretch of a recording, frame by frame. */
  'runs.frames': channel<FramesAnswer>()(v.object({ id: RunIdSchema, ...FramesRangeSchema.entries })),
  /** How far `runs.open`, `runs.pack` (by the run's id) or `runs.import` (by the transfer) is. */
  'runs.progress': channel<TaskProgress>()(TaskSchema),
  /** Ends them; they answer `cancelled`. Also forgets a transfer that is not wanted any more. */
  'runs.cancel': channel<void>()(TaskSchema),
  /** Makes one file of a run, to be taken piece by piece: base64, empty at the end. */
  'runs.pack': channel<PackedRun>()(runId),
  'runs.take': channel<string>()(v.object({ transfer: TransferIdSchema, from: count })),
  /** Announces a file; its pieces are put one after the other, and then it is imported. */
  'runs.receive': channel<string>()(ReceiveSchema),
  'runs.put': channel<void>()(PieceSchema),
  'runs.import': channel<Imported>()(v.object({ transfer: TransferIdSchema })),
} as const;

export type Channels = typeof channels;
export type ChannelName = keyof Channels;
export type Argument<Name extends ChannelName> = v.InferOutput<Channels[Name]['argument']>;
export type Answer<Name extends ChannelName> = NonNullable<Channels[Name]['answer']>;

/** One function a channel; the engine implements it once for all shells. */
export type Handlers = {
  [Name in ChannelName]: (argument: Argument<Name>) => Promise<Answer<Name> | void> | Answer<Name> | void;
};

/** The page's side of every channel. */
export type Caller = <Name extends ChannelName>(
  name: Name,
  ...argument: undefined extends Argument<Name> ? [] : [Argument<Name>]
) => Promise<Result<Answer<Name>>>;

/** Whether a string from outside names a channel (own keys only: `constructor` does not). */
export function isChannelName(name: unknown): name is ChannelName {
  return typeof name === 'string' && Object.hasOwn(channels, name);
}
