/** An exported file, handed to the person. */
import type { ExportedFile } from '#contract/runs';
import { saveFile } from '../../parts/save-file.ts';

export function download(file: ExportedFile): void {
  saveFile(file.name, new Blob([file.text], { type: file.mime }));
}
