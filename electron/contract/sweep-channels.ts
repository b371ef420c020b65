/** What a page may ask about sweeps. */
import * as v from 'valibot';
import { channel } from './channel.ts';
import { count } from './numbers.ts';
import type { ExportedFile } from './runs.ts';
import { LOCALES } from './settings.ts';
import {
  SWEEP_EXPORT_FORMATS,
  SweepCommandSchema,
  SweepIdSchema,
  SweepSpecSchema,
  type SweepInfo,
  type SweepSnapshot,
} from './sweep.ts';

const id = SweepIdSchema;

export const sweepChannels = {
  'sweep.start': channel<SweepInfo>()(SweepSpecSchema),
  'sweep.command': channel<void>()(v.object({ id, command: SweepCommandSchema })),
  /** The newest first. */
  'sweep.list': channel<SweepInfo[]>()(v.undefined_()),
  /** `from`: results before this one are known to the asker. */
  'sweep.open': channel<SweepSnapshot>()(v.object({ id, from: v.optional(count) })),
  'sweep.export': channel<ExportedFile>()(
    v.object({ id, format: v.picklist(SWEEP_EXPORT_FORMATS), locale: v.picklist(LOCALES) }),
  ),
  'sweep.delete': channel<void>()(v.object({ id })),
  /** Takes back `sweep.delete`: for ten minutes, while the app runs. */
  'sweep.restore': channel<void>()(v.object({ id })),
} as const;
