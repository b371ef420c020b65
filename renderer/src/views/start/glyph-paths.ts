/** How each mechanism is drawn at a glance, on 48 by 28: outlines, and what lies in them filled. */
export interface Glyph {
  outline: string;
  filled: string;
}

const SIDES = 'M5 6v16M43 6v16';

export const GLYPHS: Readonly<Record<string, Glyph>> = {
  pipe: { outline: 'M4 9h40v10h-40zM14 9v10M24 9v10M34 9v10', filled: 'M26 11h6v6h-6zM36 11h6v6h-6z' },
  fifo: {
    outline: 'M4 13h40v10h-40zM14 13v10M24 13v10M34 13v10M16 4h16v5h-16z',
    filled: 'M26 15h6v6h-6zM36 15h6v6h-6z',
  },
  unix: { outline: 'M4 14h10M34 14h10M14 8h6v12h-6zM28 8h6v12h-6z', filled: 'M22 11h4v6h-4z' },
  tcp: {
    outline: 'M4 5h10v18h-10zM4 11h10M4 17h10M34 5h10v18h-10zM34 11h10M34 17h10M14 20h20',
    filled: 'M16 17h5v6h-5zM22 17h5v6h-5zM28 17h5v6h-5z',
  },
  udp: { outline: 'M4 5h8v18h-8zM36 5h8v18h-8z', filled: 'M15 8h5v5h-5zM23 8h5v5h-5zM29 20h5v5h-5z' },
  multicast: {
    outline: 'M12 14h8M20 14l14-9M20 14h14M20 14l14 9',
    filled: 'M5 10h8v8h-8zM35 2h7v6h-7zM35 11h7v6h-7zM35 20h7v6h-7z',
  },
  mailbox: { outline: 'M10 10h28v14h-28zM17 15h14', filled: 'M20 3h8v8h-8z' },
  mq: {
    outline: 'M4 8h8v12h-8zM12 8h8v12h-8zM20 8h8v12h-8zM28 8h8v12h-8zM36 8h8v12h-8z',
    filled: 'M22 10h4v8h-4zM30 10h4v8h-4zM38 10h4v8h-4z',
  },
  shm: { outline: `${SIDES}M5 6h5M5 22h5M43 6h-5M43 22h-5M10 9h28v10h-28z`, filled: 'M20 11h12v6h-12z' },
  mmap: {
    outline: `${SIDES}M5 6h5M5 22h5M43 6h-5M43 22h-5M15 4h13l6 6v14h-19zM28 4v6h6`,
    filled: 'M18 14h13v7h-13z',
  },
  file: { outline: 'M13 3h15l7 7v15h-22zM28 3v7h7M17 14h14', filled: 'M17 17h14v2h-14zM17 21h9v2h-9z' },
  rpc: {
    outline: 'M4 6h10v16h-10zM34 6h10v16h-10zM16 10h14M27 7l3 3-3 3M32 18h-14M21 15l-3 3 3 3',
    filled: 'M7 12h4v4h-4zM37 12h4v4h-4z',
  },
  signal: { outline: 'M4 14h12M32 14h12', filled: 'M26 3l-9 13h6l-2 9 10-13h-7z' },
};

/** For a mechanism that this page does not know yet. */
export const UNKNOWN_GLYPH: Glyph = { outline: 'M8 7h32v14h-32z', filled: 'M22 12h4v4h-4z' };
