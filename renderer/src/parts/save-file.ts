/** Hands a file to the person through the browser's own download. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the data by the next task; Firefox and Chromium both need the address until then.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
