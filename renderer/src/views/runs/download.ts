/** Hands a file to the person through the browser's own download. */
import type { ExportedFile } from '#contract/runs';

export function download(file: ExportedFile): void {
  saveBlob(file.name, new Blob([file.text], { type: file.mime }));
}

export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the data by the next task; Firefox and Chromium both need the address until then.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
