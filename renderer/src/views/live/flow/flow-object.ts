/** What the drawing of an OS object is made from: its form, its size, and what the system tells of it now. */
import type { Hello } from '#contract/frames';
import type { Figures } from '../../../session/tick-window.ts';
import type { Fill } from './flow-state.ts';

/** How objects are drawn; one component each. */
export type Form =
  | 'pages'
  | 'buffers'
  | 'datagrams'
  | 'group'
  | 'mailbox'
  | 'messages'
  | 'segment'
  | 'mapped_file'
  | 'file'
  | 'pending'
  | 'stubs'
  | 'tank';

/** The forms of what is known; whatever else there may be is a buffer of no particular form. */
const FORMS: Readonly<Record<string, Form>> = {
  pipe: 'pages',
  fifo: 'pages',
  unix: 'buffers',
  tcp: 'buffers',
  udp: 'datagrams',
  multicast: 'group',
  mailbox: 'mailbox',
  mq: 'messages',
  shm: 'segment',
  mmap: 'mapped_file',
  file: 'file',
  signal: 'pending',
  rpc: 'stubs',
};

/** The gauges that belong to the picture, in the order in which they are drawn; the panel lists the others. */
export const DRAWN_GAUGES: Readonly<Record<Form, readonly string[]>> = {
  pages: [],
  buffers: ['notsent_bytes'],
  datagrams: ['drops'],
  group: ['drops'],
  mailbox: [],
  messages: [],
  segment: [],
  mapped_file: ['dirty_bytes'],
  file: [],
  pending: ['merged'],
  stubs: ['marshal_ns', 'transport_ns', 'execute_ns', 'unmarshal_ns'],
  tank: [],
};

export interface FlowObject {
  form: Form;
  fill: Fill;
  /** Bytes; NaN where the system does not tell. */
  capacity_bytes: number;
  /** Pieces in which it holds messages or bytes, a pipe's pages or a queue's places; NaN where it has none. */
  slots: number;
  /** Of a multicast group: how many receivers it has. */
  receivers: number;
  /** What the system tells of it now, by name with unit; empty for moments that are past. */
  gauges: Readonly<Record<string, number>>;
}

/** Where an object is drawn, in pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What every drawing is given. */
export interface DrawingProps {
  area: Area;
  object: FlowObject;
  /** The producer cannot go on because of it. */
  stuck: boolean;
}

/** Forms whose sender never waits: what finds no room is thrown away. */
export const LOSING: ReadonlySet<Form> = new Set(['datagrams', 'group']);

/** Forms that hold whole messages, which are counted and not weighed. */
const COUNTING: ReadonlySet<Form> = new Set(['mailbox', 'messages', 'pending']);

/** How much lies in the object, of how much: in messages or in bytes; NaN for what is not known. */
export function contentOf({ form, fill, slots, capacity_bytes, gauges }: FlowObject): {
  unit: 'messages' | 'bytes';
  used: number;
  capacity: number;
} {
  if (COUNTING.has(form) && slots >= 1) return { unit: 'messages', used: fill.messages, capacity: slots };
  const memory = gauges['send_memory_bytes'];
  const limit = gauges['send_buffer_bytes'];
  // A Unix socket is full by the memory that its messages take, not by their bytes.
  if (memory !== undefined && limit !== undefined) return { unit: 'bytes', used: memory, capacity: limit };
  if (Number.isNaN(fill.bytes) && !Number.isNaN(fill.messages)) {
    return { unit: 'messages', used: fill.messages, capacity: slots };
  }
  return { unit: 'bytes', used: fill.bytes, capacity: capacity_bytes };
}

export function formOf(mechanism: string): Form {
  return (Object.hasOwn(FORMS, mechanism) ? FORMS[mechanism] : undefined) ?? 'tank';
}

/** `now`: the newest figures; undefined for a moment that is past, of which only the fill is known. */
export function flowObject(
  mechanism: string,
  hello: Hello | null,
  now: Figures | undefined,
  fill: Fill,
): FlowObject {
  const first = hello?.objects.find(({ capacity_bytes }) => capacity_bytes !== null);
  const capacity_bytes = now?.queue.capacity_bytes ?? first?.capacity_bytes ?? NaN;
  return {
    form: formOf(mechanism),
    fill,
    capacity_bytes,
    slots: slotsOf(first, capacity_bytes, now),
    receivers: hello?.processes.filter(({ role }) => role === 'consumer').length ?? 1,
    gauges: now?.queue.gauges ?? {},
  };
}

/** A capacity that was changed on the way has slots of the same size. */
function slotsOf(
  object: Hello['objects'][number] | undefined,
  capacity_bytes: number,
  now: Figures | undefined,
): number {
  if (object?.slots === undefined || object.capacity_bytes === null || object.capacity_bytes === 0) {
    return now?.queue.capacity_messages ?? NaN;
  }
  return Math.max(1, Math.round((capacity_bytes * object.slots) / object.capacity_bytes));
}

/** Narrower cells could not be told apart. */
const NARROWEST_PX = 6;

/** How many cells are drawn for `slots` on `width` pixels: each slot its own, or several in one cell where they are many. */
export function cellsFor(slots: number, width: number): number {
  if (!(slots >= 1)) return 1;
  const most = Math.max(1, Math.floor(width / NARROWEST_PX));
  return slots <= most ? slots : Math.ceil(slots / Math.ceil(slots / most));
}
