/** What a canvas shows, whoever has drawn it: one that was handed to a worker lets nobody read it, but can be copied. */
export function pixelsOf(canvas: HTMLCanvasElement): ImageData {
  const copy = new OffscreenCanvas(Math.max(1, canvas.width), Math.max(1, canvas.height));
  const context = copy.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no 2d context');
  if (canvas.width > 0 && canvas.height > 0) context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, copy.width, copy.height);
}

/** Pixels of a canvas that are not transparent. */
export function ink(canvas: HTMLCanvasElement): number {
  const { data } = pixelsOf(canvas);
  let inked = 0;
  for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) inked++;
  return inked;
}
