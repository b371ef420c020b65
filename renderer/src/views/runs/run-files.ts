/** Recording files between the person's computer and the engine, piece by piece. */
import type { Result } from '#contract/errors';
import { PIECE_BYTES, RECORDING_MIME, type PackedRun } from '#contract/run-files';
import type { Host } from '../../host/host.ts';
import { saveFile } from '../../parts/save-file.ts';

/** Takes the file that was made of a run, and hands it to the person. */
export async function takeFile(host: Host, { transfer, name, size_bytes }: PackedRun): Promise<Result<void>> {
  const pieces: Blob[] = [];
  for (let from = 0; from < size_bytes;) {
    const piece = await host.call('runs.take', { transfer, from });
    if (!piece.ok) return piece;
    const bytes = Uint8Array.from(atob(piece.value), (character) => character.charCodeAt(0));
    if (bytes.length === 0) break;
    from += bytes.length;
    pieces.push(new Blob([bytes]));
  }
  await host.call('runs.cancel', { task: transfer });
  saveFile(name, new Blob(pieces, { type: RECORDING_MIME }));
  return { ok: true, value: undefined };
}

/** Sends a file and has it imported; `sent` hears how many bytes have gone. */
export async function sendFile(
  host: Host,
  file: Blob,
  transfer: string,
  { signal, sent }: { signal: AbortSignal; sent: (bytes: number) => void },
): Promise<Result<void>> {
  for (let from = 0; from < file.size && !signal.aborted; from += PIECE_BYTES) {
    const data = await base64(file.slice(from, from + PIECE_BYTES));
    const put = await host.call('runs.put', { transfer, from, data });
    if (!put.ok) return put;
    sent(Math.min(file.size, from + PIECE_BYTES));
  }
  return { ok: true, value: undefined };
}

function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    reader.readAsDataURL(blob);
  });
}
