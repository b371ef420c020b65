/** Recordings as files in the terminal: the same pieces as in the page, from and to the disk. */
import { open } from 'node:fs/promises';
import { AppException, toAppError } from '#contract/errors';
import { PIECE_BYTES, type Imported } from '#contract/run-files';
import type { Engine } from '#engine/engine';
import { ask } from './ask.ts';

export const RECORDING = 'recording' as const;

/** Writes the run to `out`, or to a file named after it where none is given; answers the file's name. */
export async function exportRecording(engine: Engine, id: string, out: string | undefined): Promise<string> {
  const { transfer, name, size_bytes } = await ask(engine, 'runs.pack', { id });
  const path = out ?? name;
  const file = await open(path, 'w').catch((thrown: unknown) => refused(path, thrown));
  try {
    for (let from = 0; from < size_bytes;) {
      const bytes = Buffer.from(await ask(engine, 'runs.take', { transfer, from }), 'base64');
      if (bytes.length === 0) break;
      await file.appendFile(bytes).catch((thrown: unknown) => refused(path, thrown));
      from += bytes.length;
    }
  } finally {
    await file.close();
    await ask(engine, 'runs.cancel', { task: transfer });
  }
  return path;
}

export async function importRecording(engine: Engine, path: string): Promise<Imported> {
  const file = await open(path, 'r').catch((thrown: unknown) => refused(path, thrown));
  try {
    const { size } = await file.stat();
    const transfer = await ask(engine, 'runs.receive', { size_bytes: size });
    for (let from = 0; from < size;) {
      const { buffer, bytesRead } = await file
        .read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, from)
        .catch((thrown: unknown) => refused(path, thrown));
      if (bytesRead === 0) break;
      await ask(engine, 'runs.put', { transfer, from, data: buffer.toString('base64', 0, bytesRead) });
      from += bytesRead;
    }
    return await ask(engine, 'runs.import', { transfer });
  } finally {
    await file.close();
  }
}

/** What the system refused about a file that a person named. */
export function refused(path: string, thrown: unknown): never {
  const error = toAppError(thrown);
  throw new AppException(
    error.code === 'disk_full' ? error : { ...error, code: 'system_refused', where: path },
  );
}
