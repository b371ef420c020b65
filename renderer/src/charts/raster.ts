/**
 * The pixels of a plot, for lines of more samples than it has pixels. Such a line is nothing but upright bars, one beside the
 * other; writing them here costs a tenth of having them stroked or filled as a path, where no graphics card does it.
 */

export class Raster {
  width = 0;
  height = 0;
  /** Red, green, blue and opacity of each pixel, as ImageData wants them. */
  bytes = new Uint8ClampedArray(0);
  /** The same as words. Every system that Chromium runs on is little-endian: opacity stands in the highest byte. */
  #words = new Uint32Array(0);

  /** Makes room for so many pixels, all of them empty. */
  clear(width: number, height: number): void {
    if (width !== this.width || height !== this.height) {
      this.width = width;
      this.height = height;
      this.bytes = new Uint8ClampedArray(width * height * 4);
      this.#words = new Uint32Array(this.bytes.buffer);
    } else this.#words.fill(0);
  }

  /**
   * An upright bar: columns `left` up to, not with, `right`, whole; from `top` to `bottom`, whose parts of a pixel become
   * partly covered ones. What lies outside is left out.
   * @param colour as `colourWord` makes it
   */
  bar(left: number, right: number, top: number, bottom: number, colour: number): void {
    const from = Math.max(0, left);
    const to = Math.min(this.width, right);
    const high = Math.max(0, top);
    const low = Math.min(this.height, bottom);
    if (!(low > high)) return;
    const first = Math.ceil(high);
    const end = Math.floor(low);
    for (let x = from; x < to; x++) {
      if (first > end) {
        this.#cover(x, end, low - high, colour);
        continue;
      }
      if (first > high) this.#cover(x, first - 1, first - high, colour);
      if (low > end) this.#cover(x, end, low - end, colour);
      for (let at = first * this.width + x, y = first; y < end; y++, at += this.width)
        this.#words[at] = colour;
    }
  }

  /** Covers a share of a pixel, over what is there (Porter and Duff's “over”, 1984). */
  #cover(x: number, y: number, share: number, colour: number): void {
    const at = y * this.width + x;
    const before = (this.#words[at] ?? 0) >>> 24;
    if (before === 0) {
      this.#words[at] = ((colour & 0xffffff) | (Math.round(share * 255) << 24)) >>> 0;
      return;
    }
    const kept = (before / 255) * (1 - share);
    const sum = share + kept;
    for (let channel = 0; channel < 3; channel++) {
      const own = (colour >>> (8 * channel)) & 0xff;
      this.bytes[4 * at + channel] = (own * share + (this.bytes[4 * at + channel] ?? 0) * kept) / sum;
    }
    this.bytes[4 * at + 3] = sum * 255;
  }
}

/** `#rrggbb` as the word of an opaque pixel. */
export function colourWord(hex: string): number {
  const rgb = parseInt(hex.slice(1, 7), 16) || 0;
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >>> 16)) >>> 0;
}
