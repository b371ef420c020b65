/** The live view through the life of a session, on a fake shell. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { FakeHost, ok } from '../../test-support/fake-host.ts';
import {
  call,
  frame,
  hello,
  ID,
  info,
  note,
  snapshot,
  state,
  summary,
  tick,
} from '../../test-support/frames.ts';
import { openApp } from '../../test-support/open-app.ts';

const stateOf = page.getByTestId('state');

async function running(given = new FakeHost()): Promise<FakeHost> {
  const host = await openApp(given);
  await page.getByTestId('start').click();
  host.send(state('starting'), frame(hello), state('running'), frame(tick(50, 100)), frame(tick(100, 300)));
  await expect.element(stateOf).toHaveAttribute('data-state', 'running');
  return host;
}

test('an empty page invites to start', async () => {
  await openApp();
  await expect.element(stateOf).toHaveAttribute('data-state', 'idle');
  await expect.element(page.getByTestId('invitation')).toBeVisible();
  await expect.element(page.getByTestId('tab-setup')).toHaveAttribute('data-state', 'active');
});

test('a running session shows its figures, its processes and its controls', async () => {
  const host = await running();
  await expect.element(page.getByTestId('messages')).toHaveAttribute('data-value', '300');
  await expect.element(page.getByText('pid 4001', { exact: true })).toBeVisible();
  await expect
    .element(page.getByRole('img', { name: /Producer 70%, pipe 32\sKiB of 64\sKiB/ }))
    .toBeVisible();
  const rate = page.getByRole('textbox', { name: 'Rate limit' });
  await rate.fill('1000');
  await userEvent.keyboard('{Enter}');
  expect(host.asked('session.command')).toEqual([
    { id: info('running').id, command: { command: 'set', option: 'rate_per_s', value: 1000 } },
  ]);
  await page.getByTestId('tab-calls').click();
  host.send(frame(call(101)), frame(call(102, { errno: 'EAGAIN', result: -1 })));
  await expect.element(page.getByTestId('calls')).toHaveTextContent('write(fd=4, 64 bytes) = EAGAIN');
});

test('a live control shows what the session runs with, whichever tab was looked at meanwhile', async () => {
  const host = await running();
  const rate = page.getByRole('textbox', { name: 'Rate limit' });
  await rate.fill('1000');
  await userEvent.keyboard('{Enter}');
  // The system may make another value of it.
  host.send(frame(note('rate_changed', 110, { rate_per_s: 1024 })));
  await expect.element(rate).toHaveValue('1,024/s');
  await page.getByTestId('tab-calls').click();
  await page.getByTestId('tab-controls').click();
  await expect.element(rate).toHaveValue('1,024/s');
});

const noLuck = {
  ok: false as const,
  error: { code: 'limit_reached' as const, message: 'm', remedy: 'r', where: 'no luck' },
};

test('a refused value is not shown as set, and the refusal stands on the stage alone', async () => {
  const host = await running(new FakeHost({ 'session.command': () => noLuck }));
  const rate = page.getByRole('textbox', { name: 'Rate limit' });
  await rate.fill('1000');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toHaveTextContent('no luck');
  await expect.element(rate).toHaveValue('full speed');
  // The same error once more, from the session itself.
  host.send({ event: 'error', session: ID, error: noLuck.error, fatal: false });
  host.send(frame(note('drained', 130)));
  await expect.element(page.getByTestId('notes')).toBeVisible();
  expect(page.getByRole('alert').elements()).toHaveLength(1);
});

test('a refused command is seen from any tab, until the session goes on', async () => {
  const host = await running(new FakeHost({ 'session.command': () => noLuck }));
  await page.getByTestId('tab-calls').click();
  await page.getByTestId('stop').click();
  await expect.element(page.getByRole('alert')).toHaveTextContent('no luck');
  host.send(state('stopping'));
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  await page.getByTestId('view-settings').click();
  await userEvent.keyboard('{Control>}.{/Control}');
  await expect.element(page.getByTestId('toast')).toHaveTextContent('no luck');
});

test('meanings are told to the keyboard as to the mouse', async () => {
  const host = await running();
  await page.getByTestId('tab-processes').click();
  page.getByRole('button', { name: 'Would block' }).first().element().focus();
  await expect.element(page.getByRole('tooltip')).toHaveTextContent('came back at once');
  await page.getByTestId('tab-integrity').click();
  page.getByRole('button', { name: 'Torn' }).element().focus();
  await expect.element(page.getByRole('tooltip')).toHaveTextContent('still being written');
  host.send(frame(summary()), state('finished'));
  await page.getByTestId('tab-summary').click();
  page.getByTestId('summary').getByRole('button', { name: 'Rate limit' }).element().focus();
  await expect.element(page.getByRole('tooltip')).toHaveTextContent('tries to send');
});

test('the explanation of a field goes when another tab takes its place', async () => {
  await openApp();
  await page.getByRole('textbox', { name: 'Message size' }).click();
  const hint = page.getByText('Bytes of one message', { exact: false });
  await expect.poll(() => hint.elements().length).toBe(2);
  await page.getByTestId('tab-calls').click();
  await expect.poll(() => hint.elements().length).toBe(0);
});

test('pauses with Space, unless a control has the focus or a syllable is being composed', async () => {
  const host = await running();
  const commands = () => host.asked('session.command').length;
  document.body.focus();
  (document.activeElement as HTMLElement).blur();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', isComposing: true, bubbles: true }));
  expect(commands()).toBe(0);
  await userEvent.keyboard(' ');
  expect(host.asked('session.command')).toMatchObject([{ command: { command: 'pause' } }]);
  host.send(state('paused'));
  await expect.element(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await userEvent.keyboard('{Control>}.{/Control}');
  expect(host.asked('session.command').at(-1)).toMatchObject({ command: { command: 'stop' } });
});

test('a finished session shows exactly the numbers of its summary', async () => {
  const host = await running();
  host.send(frame(summary()), state('finished'));
  await expect.element(stateOf).toHaveAttribute('data-state', 'finished');
  await expect.element(page.getByTestId('messages')).toHaveAttribute('data-value', '123456');
  await expect.element(page.getByTestId('rate')).toHaveAttribute('data-value', '24691.2');
  await expect.element(page.getByTestId('p50')).toHaveAttribute('data-value', '1001');
  await expect.element(page.getByTestId('p99')).toHaveAttribute('data-value', '3003');
  await expect.element(page.getByTestId('summary')).toHaveTextContent('123,456');
  await expect.element(page.getByTestId('start')).toBeEnabled();
});

test('a killed process is named where everyone sees it', async () => {
  const host = await running();
  await page.getByTestId('tab-processes').click();
  await page.getByTestId('kill-consumer').click();
  await page.getByTestId('kill-confirm').click();
  expect(host.asked('session.command')).toMatchObject([
    { command: { command: 'kill', role: 'consumer', index: 0 } },
  ]);
  const params = { role: 'consumer', index: 0, pid: 4002 };
  const processes = summary().processes.map((p) =>
    p.role === 'consumer' ? { ...p, exit: 'signal SIGKILL' } : p,
  );
  host.send(
    frame(note('process_killed', 120, params)),
    frame(summary({ ended_by: 'peer_exit', processes })),
    state('finished'),
  );
  await expect.element(page.getByTestId('ended')).toHaveTextContent('consumer 0 (pid 4002)');
  await expect.element(page.getByText('signal SIGKILL').first()).toBeVisible();
});

test('a failed session says why and what to do', async () => {
  const host = await running();
  const error = {
    code: 'limit_reached' as const,
    message: 'too many open files',
    remedy: 'Raise ulimit -n.',
    where: 'pipe2',
    errno: 'EMFILE',
  };
  host.send(frame({ t: 'error', elapsed_ns: 1, fatal: true, ...error }), state('failed'));
  await expect.element(stateOf).toHaveAttribute('data-state', 'failed');
  await expect.element(page.getByRole('alert')).toHaveTextContent('EMFILE');
  await expect.element(page.getByRole('alert')).toHaveTextContent('ulimit -n');
});

test('a remote call is shown byte by byte, in words', async () => {
  const host = await running();
  await page.getByTestId('tab-calls').click();
  const side = (type: string) => ({
    total_bytes: 8,
    hex: '0000000100000000',
    fields: [
      { offset: 0, length: 4, name: 'xid', value: '0x00000001' },
      { offset: 4, length: 4, name: 'message_type', value: type },
    ],
  });
  const reply = { ...side('1 (REPLY)'), fault: 'cut_short' };
  host.send(
    frame({ t: 'rpc_call', elapsed_ns: 1, kind: 'tcp', procedure: 'echo', call: side('0 (CALL)'), reply }),
  );
  await page.getByText('One call as it travelled').click();
  const shown = page.getByTestId('rpc-call');
  await expect.element(shown).toHaveTextContent('0 (CALL)');
  await expect.element(shown).toHaveTextContent('Transaction');
  await expect.element(shown).toHaveTextContent('cut_short');
});

test('the first faults are told beside their counts', async () => {
  const host = await running();
  await page.getByTestId('tab-integrity').click();
  const params = { role: 'consumer', index: 0, pid: 4002, kind: 'corrupt', sequence: 17, expected: 17 };
  host.send(frame(note('integrity_fault', 120, params)));
  await expect.element(page.getByTestId('faults')).toHaveTextContent('message 17 is damaged');
});

test('warnings give cause, effect and remedy', async () => {
  const host = await running();
  const warning = { code: 'made_up', cause: 'The moon was full.', effect: 'Tides.', remedy: 'Wait.' };
  host.send(frame(summary({ warnings: [warning] })), state('finished'));
  await page.getByText('The moon was full.').click();
  await expect.element(page.getByText('Tides.')).toBeVisible();
  await expect.element(page.getByText('Wait.')).toBeVisible();
});

test('a lost connection is said and taken back; what ran meanwhile is found again', async () => {
  let snapshots = 0;
  const host = new FakeHost({
    'session.list': () => ok([info('running')]),
    'session.snapshot': () => (snapshots++, ok(snapshot({ info: info('running'), summary: null }))),
  });
  await openApp(host);
  await expect.element(stateOf).toHaveAttribute('data-state', 'running');
  host.connected(false);
  await expect
    .element(page.getByTestId('lost'))
    .toHaveTextContent('If the program was ended, start it again');
  host.connected(true);
  await expect.element(page.getByTestId('lost')).not.toBeInTheDocument();
  await expect.poll(() => snapshots).toBe(2);
});

test('the desktop menu does what the buttons do', async () => {
  const host = await openApp();
  await expect.element(page.getByTestId('start')).toBeEnabled();
  host.tell({ kind: 'action', action: 'start' });
  await expect.poll(() => host.asked('session.start').length).toBe(1);
  host.tell({ kind: 'action', action: 'show_settings' });
  await expect.element(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('what was found when the program started is told, and stays until it is dismissed', async () => {
  const damaged = { code: 'settings_damaged' as const, message: 'm', remedy: 'r', where: '/data/old.json' };
  await openApp(new FakeHost({ 'app.problems': () => ok([damaged]) }));
  const toast = page.getByTestId('toast');
  await expect.element(toast).toHaveTextContent('The settings could not be read');
  await expect.element(toast).toHaveTextContent('/data/old.json');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(toast).not.toBeInTheDocument();
});

test('a shell that does not know of problems is no problem', async () => {
  const error = { code: 'bad_request' as const, message: 'm', remedy: 'r' };
  await openApp(new FakeHost({ 'app.problems': () => ({ ok: false, error }) }));
  await expect.element(page.getByTestId('start')).toBeEnabled();
  await expect.element(page.getByTestId('toast')).not.toBeInTheDocument();
});
