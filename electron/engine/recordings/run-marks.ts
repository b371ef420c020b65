/**
 * marks.ndjson beside a recording: one line for every mark that was set, changed or taken away, and never rewritten, so
 * that whatever ends the app costs at most the line it was writing.
 */
import { open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppException, fail, toAppError, type AppError } from '#contract/errors';
import { byTime, MARK_LIMITS, MarkIdSchema, MarkSchema, type Mark } from '#contract/marks';
import { readLines } from './read-lines.ts';
import { damaged, missing } from './run-file.ts';

export const MARKS_FILE = 'marks.ndjson';

/** A hundred thousand marks with their longest notes stay below it; nothing longer is read at all. */
const LARGEST_BYTES = 96 * 1024 * 1024;

const EntrySchema = v.variant('t', [
  v.object({ t: v.literal('mark'), ...MarkSchema.entries }),
  v.object({ t: v.literal('unmark'), id: MarkIdSchema }),
]);
type Entry = v.InferOutput<typeof EntrySchema>;

export interface ReadMarks {
  /** In the order of time. */
  marks: Mark[];
  /** Why some are missing. */
  error: AppError | undefined;
}

/** The marks of the run in this folder; without the file there are none. Never rejects: the recording is what matters. */
export async function readMarks(folder: string, most: number = MARK_LIMITS.read): Promise<ReadMarks> {
  const path = join(folder, MARKS_FILE);
  try {
    const { size } = await stat(path);
    if (size > LARGEST_BYTES) return { marks: [], error: tooMany(0, `${size} B`) };
    return await readEntries(path, most);
  } catch (thrown) {
    const error = toAppError(thrown);
    return { marks: [], error: isAbsent(error) ? undefined : damaged(MARKS_FILE, error.message) };
  }
}

async function readEntries(path: string, most: number): Promise<ReadMarks> {
  const marks = new Map<string, Mark>();
  let firstDamaged: number | undefined;
  let leftOut = 0;
  for await (const line of readLines(path)) {
    const entry = parse(line.text);
    if (entry === undefined) {
      // The last line may be one that was being written when the app ended.
      if (!line.unfinished) firstDamaged ??= line.number;
    } else if (entry.t === 'unmark') {
      marks.delete(entry.id);
    } else if (marks.size < most || marks.has(entry.id)) {
      const { id, elapsed_ns, text } = entry;
      marks.set(id, { id, elapsed_ns, text });
    } else {
      leftOut++;
    }
  }
  const error =
    leftOut > 0
      ? tooMany(most, String(marks.size + leftOut))
      : firstDamaged === undefined
        ? undefined
        : damaged(`${MARKS_FILE}:${firstDamaged}`, 'it is no mark');
  return { marks: [...marks.values()].sort(byTime), error };
}

function parse(text: string): Entry | undefined {
  try {
    const parsed = v.safeParse(EntrySchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The marks of a run that has none yet. */
export async function writeMarks(folder: string, marks: readonly Mark[]): Promise<void> {
  const lines = marks.map(({ id, elapsed_ns, text }) => entryLine({ t: 'mark', id, elapsed_ns, text }));
  await writeFile(join(folder, MARKS_FILE), lines.join(''), { mode: 0o600 });
}

function entryLine(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** Changes of marks, one after the other: none is lost, and none goes beyond the limit. */
export class RunMarks {
  readonly #folderOf: (id: string) => string;
  #work: Promise<unknown> = Promise.resolve();

  constructor(folderOf: (id: string) => string) {
    this.#folderOf = folderOf;
  }

  /** Sets a mark, or changes the one of the same id; answers it as it is kept. */
  set(run: string, mark: Mark): Promise<Mark> {
    return this.#inTurn(run, async (folder) => {
      const { marks } = await readMarks(folder);
      if (marks.length >= MARK_LIMITS.made && !marks.some(({ id }) => id === mark.id)) {
        fail('too_many_marks', 'the run has as many marks as it may', 'Take one away first.', {
          where: 'runs.mark',
          allowed: String(MARK_LIMITS.made),
        });
      }
      await append(folder, { t: 'mark', ...mark });
      return mark;
    });
  }

  remove(run: string, mark: string): Promise<void> {
    return this.#inTurn(run, (folder) => append(folder, { t: 'unmark', id: mark }));
  }

  #inTurn<T>(run: string, change: (folder: string) => Promise<T>): Promise<T> {
    const folder = this.#folderOf(run);
    const work = this.#work.then(async () => {
      if (!(await isThere(folder))) throw new AppException(missing(run));
      return change(folder);
    });
    this.#work = work.catch(() => undefined);
    return work;
  }
}

/** Adds a line that is on the disk when this returns; behind one that was cut off it begins a new one. */
async function append(folder: string, entry: Entry): Promise<void> {
  const file = await open(join(folder, MARKS_FILE), 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const cut = size > 0 && last[0] !== 0x0a;
    await file.appendFile(`${cut ? '\n' : ''}${entryLine(entry)}`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isAbsent({ errno }: AppError): boolean {
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

function tooMany(shown: number, found: string): AppError {
  return {
    code: 'too_many_marks',
    message: 'the run has more marks than can be shown',
    remedy: 'The first ones are shown.',
    where: MARKS_FILE,
    value: found,
    allowed: String(shown),
  };
}
