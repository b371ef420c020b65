/** Writes what was asked for to a file that a person named. */
import { writeFile } from 'node:fs/promises';
import { AppException, toAppError } from '#contract/errors';

export async function writeOut(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((thrown: unknown) => systemRefused(path, thrown));
}

/** What the system refused about a file that a person named. */
export function systemRefused(path: string, thrown: unknown): never {
  const error = toAppError(thrown);
  throw new AppException(
    error.code === 'disk_full' ? error : { ...error, code: 'system_refused', where: path },
  );
}
