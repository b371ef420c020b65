/** The flow on the page: every kind of object as what it is, and who waits for whom. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Tick } from '#contract/frames';
import { FakeHost, ok } from '../../../test-support/fake-host.ts';
import { frame, hello, info, note, process, state, tick } from '../../../test-support/frames.ts';
import { openApp } from '../../../test-support/open-app.ts';

type Queue = Tick['queue'];
type Change = Partial<Tick['processes'][number]>;

const NOTHING: Queue = {
  used_bytes: null,
  used_messages: null,
  capacity_bytes: null,
  capacity_messages: null,
};

interface Given {
  mechanism: string;
  queue?: Partial<Queue>;
  objects?: Partial<(typeof hello.objects)[number]>[];
  pattern?: string;
  producer?: Change;
  consumer?: Change;
  consumers?: number;
}

/** Two ticks of a session, a tenth of a second in all, in which both processes were as given. */
async function shown({
  mechanism,
  queue,
  objects,
  pattern = 'stream',
  producer,
  consumer,
  consumers = 1,
}: Given) {
  const spec = { mechanism, pattern, options: {} };
  const host = await openApp(
    new FakeHost({
      'session.list': () => ok([]),
    }),
  );
  const at = (ms: number): Tick =>
    tick(ms, ms * 10, {
      processes: [
        process('producer', { messages: ms * 10, ...producer, blocked_ns: (producer?.blocked_ns ?? 0) * ms }),
        ...Array.from({ length: consumers }, (_, index) =>
          process('consumer', {
            index,
            messages: ms * 10,
            ...consumer,
            blocked_ns: (consumer?.blocked_ns ?? 0) * ms,
          }),
        ),
      ],
      queue: { ...NOTHING, ...queue },
    });
  const own = {
    ...hello,
    mechanism,
    pattern,
    processes: [
      { role: 'producer' as const, index: 0, pid: 4001 },
      ...Array.from({ length: consumers }, (_, index) => ({
        role: 'consumer' as const,
        index,
        pid: 4002 + index,
      })),
    ],
    objects: (objects ?? [{}]).map((object) => ({
      kind: mechanism,
      name: 'a name',
      mode: '0600',
      capacity_bytes: null,
      ...object,
    })),
  };
  host.send({
    event: 'state',
    session: info('starting').id,
    state: 'starting',
    info: { ...info('starting'), spec },
  });
  host.send(frame(own));
  host.send({
    event: 'state',
    session: info('running').id,
    state: 'running',
    info: { ...info('running'), spec },
  });
  host.send(frame(at(50)), frame(at(100)), frame(note('measuring', 100)));
  // The text follows five times a second; a change of state brings it at once.
  host.send({
    event: 'state',
    session: info('running').id,
    state: 'running',
    info: { ...info('running'), spec },
  });
  await expect.element(page.getByTestId('flow')).toHaveAttribute('data-moving', 'true');
  return host;
}

const parts = (name: string): SVGGraphicsElement[] => [
  ...document.querySelectorAll<SVGGraphicsElement>(`.flow [data-part="${name}"]`),
];
const widths = (name: string): number => parts(name).reduce((sum, part) => sum + part.getBBox().width, 0);
const form = (): string | null =>
  document.querySelector('.flow svg[data-form]')?.getAttribute('data-form') ?? null;

test('a pipe is a ring of its pages, filled from the consumer’s end', async () => {
  await shown({
    mechanism: 'pipe',
    objects: [{ capacity_bytes: 65_536, slots: 16 }],
    queue: { used_bytes: 16_384, capacity_bytes: 65_536 },
  });
  expect(form()).toBe('pages');
  expect(parts('cell')).toHaveLength(16);
  expect(parts('fill')).toHaveLength(4);
  expect(parts('ring')).toHaveLength(1);
  const first = parts('fill').map((part) => part.getBBox().x);
  expect(Math.min(...first)).toBeGreaterThan(parts('cell')[8]?.getBBox().x ?? NaN);
});

test('a TCP connection shows what has not been sent apart from what has arrived', async () => {
  await shown({
    mechanism: 'tcp',
    queue: { used_bytes: 1_000_000, capacity_bytes: 4_000_000, gauges: { notsent_bytes: 750_000 } },
  });
  expect(form()).toBe('buffers');
  expect(widths('unsent') / widths('fill')).toBeCloseTo(3, 1);
  await expect.element(page.getByTestId('flow')).toHaveTextContent(/Not sent yet\s*732\sKiB/);
});

test('a Unix socket is full by memory, and says so', async () => {
  await shown({
    mechanism: 'unix',
    queue: {
      used_bytes: 640,
      used_messages: 10,
      capacity_messages: 20,
      gauges: { send_memory_bytes: 7680, send_buffer_bytes: 15_360 },
    },
  });
  expect(form()).toBe('buffers');
  expect(parts('unsent')).toHaveLength(0);
  await expect.element(page.getByTestId('flow')).toHaveTextContent(/7\.5\sKiB of 15\sKiB/);
});

test('datagrams fall out where the buffer is full, and their sender does not look blocked', async () => {
  await shown({
    mechanism: 'udp',
    queue: { used_bytes: 1000, capacity_bytes: 1000, gauges: { drops: 42 } },
    producer: { blocked_ns: 9e5, waiting_call: 'futex' },
  });
  expect(form()).toBe('datagrams');
  expect(parts('drops')).toHaveLength(1);
  await expect.element(page.getByTestId('flow')).toHaveTextContent(/Dropped\s*42/);
  expect(document.querySelector('.process.stuck')).toBeNull();
});

test('a multicast group has a buffer for each receiver', async () => {
  await shown({
    mechanism: 'multicast',
    pattern: 'broadcast',
    consumers: 3,
    queue: { used_bytes: 500, capacity_bytes: 1000, gauges: { drops: 0 } },
  });
  expect(form()).toBe('group');
  expect(parts('receiver')).toHaveLength(3);
});

test.each([
  ['mq', 'messages'],
  ['mailbox', 'mailbox'],
])('%s holds whole messages in places', async (mechanism, expected) => {
  await shown({
    mechanism,
    queue: { used_bytes: 192, used_messages: 3, capacity_bytes: 640, capacity_messages: 10 },
  });
  expect(form()).toBe(expected);
  expect(parts('cell')).toHaveLength(10);
  expect(parts('fill')).toHaveLength(3);
  expect(parts('slot')).toHaveLength(mechanism === 'mailbox' ? 1 : 0);
  await expect.element(page.getByTestId('flow')).toHaveTextContent('3 of 10 messages');
});

test('shared memory reaches into both processes; the marks are as far apart as what is unread', async () => {
  await shown({ mechanism: 'shm', queue: { used_bytes: 300, capacity_bytes: 1000 } });
  expect(form()).toBe('segment');
  const [mapping] = parts('mapping');
  const [write] = parts('write');
  const [read] = parts('read');
  const frameBox = document.querySelector<SVGGraphicsElement>('.flow svg .frame')?.getBBox();
  expect(mapping?.getBBox().width).toBeGreaterThan((frameBox?.width ?? NaN) + 60);
  const apart = (read?.getBBox().x ?? NaN) - (write?.getBBox().x ?? NaN);
  expect(apart / (frameBox?.width ?? NaN)).toBeCloseTo(0.3, 2);
});

test('a mapped file shows how much of it is not on the disk yet', async () => {
  await shown({
    mechanism: 'mmap',
    queue: { used_bytes: 300, capacity_bytes: 1000, gauges: { dirty_bytes: 500, resident_bytes: 1000 } },
  });
  expect(form()).toBe('mapped_file');
  const frameBox = document.querySelector<SVGGraphicsElement>('.flow svg .frame')?.getBBox();
  expect(widths('dirty') / (frameBox?.width ?? NaN)).toBeCloseTo(0.5, 2);
  await expect.element(page.getByTestId('flow')).toHaveTextContent(/Not on disk yet\s*500\sB/);
});

test('a plain file is a sheet with two positions', async () => {
  await shown({ mechanism: 'file', queue: { used_bytes: 300, capacity_bytes: 1000 } });
  expect(form()).toBe('file');
  expect(parts('fold')).toHaveLength(1);
  expect(parts('write')).toHaveLength(1);
});

test('signals wait before the consumer’s door', async () => {
  await shown({
    mechanism: 'signal',
    queue: { used_bytes: 24, used_messages: 3, capacity_messages: 8 },
  });
  expect(form()).toBe('pending');
  expect(parts('cell')).toHaveLength(8);
  expect(parts('fill')).toHaveLength(3);
  expect(parts('door')).toHaveLength(1);
});

test('a remote call is stubs and the parts of its time', async () => {
  await shown({
    mechanism: 'rpc',
    pattern: 'pingpong',
    queue: {
      used_bytes: 0,
      capacity_bytes: 1000,
      gauges: { marshal_ns: 100, transport_ns: 300, execute_ns: 500, unmarshal_ns: 100 },
    },
  });
  expect(form()).toBe('stubs');
  expect(widths('execute_ns') / widths('marshal_ns')).toBeCloseTo(5, 1);
  await expect.element(page.getByTestId('flow')).toHaveTextContent(/Transport\s*300\sns/);
  expect(page.getByTestId('arrow').elements()).toHaveLength(4);
});

test('what nobody has drawn yet is a plain buffer', async () => {
  await shown({ mechanism: 'carrier_pigeon', queue: { used_bytes: 500, capacity_bytes: 1000 } });
  expect(form()).toBe('tank');
  expect(parts('fill')).toHaveLength(1);
});

test('a blocked writer looks blocked: its arrow stands, and its call and kernel function are named', async () => {
  await shown({
    mechanism: 'pipe',
    objects: [{ capacity_bytes: 65_536, slots: 16 }],
    queue: { used_bytes: 40_000, capacity_bytes: 65_536 },
    producer: { blocked_ns: 9e5, waiting_call: 'write', waiting_in: 'anon_pipe_write' },
  });
  const card = page.getByTestId('flow').element().querySelector('.process.stuck[data-role="producer"]');
  expect(card?.textContent).toMatch(/blocked in\s+write\(\)\s+anon_pipe_write/);
  const [before, after] = page.getByTestId('arrow').elements();
  expect(before?.classList.contains('held')).toBe(true);
  expect(before?.getAnimations({ subtree: true })).toHaveLength(0);
  expect(after?.getAnimations({ subtree: true })).toHaveLength(1);
});

test('the dashes follow the rate, and stand where the session does', async () => {
  const host = await shown({ mechanism: 'pipe', queue: { used_bytes: 500, capacity_bytes: 1000 } });
  const rates = (): number[] =>
    page
      .getByTestId('flow')
      .element()
      .getAnimations({ subtree: true })
      .filter((animation) => !(animation instanceof CSSTransition))
      .map(({ playbackRate }) => Math.round(playbackRate * 10) / 10);
  // Ten messages a millisecond: four decades of 9 px a second, over dashes of 12 px.
  await expect.poll(rates).toEqual([3, 3]);
  host.send(frame(tick(1200, 1000)), frame(tick(2300, 1000)), state('paused'));
  await expect.element(page.getByTestId('flow')).toHaveAttribute('data-moving', 'false');
  expect(rates()).toEqual([]);
});
