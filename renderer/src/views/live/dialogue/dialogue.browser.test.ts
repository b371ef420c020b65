/** A dialogue on the page: typed for either process, shown with who said it and when, live and from a recording. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Utterance } from '#contract/frames';
import { describeAnswer } from '../../../test-support/describe.ts';
import { FakeHost, ok } from '../../../test-support/fake-host.ts';
import { frame, hello, ID, info, snapshot, state, summary } from '../../../test-support/frames.ts';
import { openApp } from '../../../test-support/open-app.ts';

const spec = { mechanism: 'pipe', pattern: 'dialogue', options: {} };
const of = (given: ReturnType<typeof info>) => ({ ...given, spec });
const talking = { ...hello, pattern: 'dialogue', options: { size_bytes: 1024 } };

function utterance(from: 'producer' | 'consumer', sequence: number, text: string, ms: number): Utterance {
  const [a, b] = hello.processes;
  if (a === undefined || b === undefined) throw new Error('no processes');
  const producer = from === 'producer';
  return {
    t: 'utterance',
    elapsed_ns: ms * 1e6,
    sent_ns: ms * 1e6 - 45_000,
    from: producer ? a : b,
    to: producer ? b : a,
    text,
    sequence,
    bytes: 24 + text.length,
  };
}

const mechanisms = describeAnswer.mechanisms.map((one) => ({
  ...one,
  patterns: [...one.patterns, 'dialogue'],
  options: one.options.map((option) =>
    option.kind === 'integer' && option.name === 'duration_ms'
      ? { ...option, pattern_defaults: { dialogue: 0 } }
      : option,
  ),
}));

async function running(answers = {}): Promise<FakeHost> {
  const host = new FakeHost({
    'helper.describe': () => ok({ ...describeAnswer, mechanisms }),
    'session.list': () => ok([of(info('running'))]),
    'session.snapshot': () => ok(snapshot({ info: of(info('running')), hello: talking, summary: null })),
    ...answers,
  });
  await openApp(host);
  await expect.element(page.getByTestId('state')).toHaveAttribute('data-state', 'running');
  return host;
}

const line = (name: string) => page.getByRole('textbox', { name: `${name} (pid` });
const said = (host: FakeHost): unknown[] =>
  host.asked('session.command').map((asked) => (asked as { command: unknown }).command);

test('Enter sends what either process is to say; the line is empty again', async () => {
  const host = await running();
  await line('Producer').fill('hello');
  await userEvent.keyboard('{Enter}');
  await expect.element(line('Producer')).toHaveValue('');
  await line('Consumer').fill('안녕하세요');
  await page.getByTestId('say-consumer-send').click();
  await expect.element(line('Consumer')).toHaveValue('');
  expect(said(host)).toEqual([
    { command: 'say', role: 'producer', text: 'hello' },
    { command: 'say', role: 'consumer', text: '안녕하세요' },
  ]);
});

test('the Enter that ends a syllable being composed sends nothing', async () => {
  const host = await running();
  await line('Producer').fill('안녕');
  const input = line('Producer').element();
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }));
  expect(said(host)).toEqual([]);
  await expect.element(line('Producer')).toHaveValue('안녕');
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await expect.poll(() => said(host).length).toBe(1);
});

test('lines are shown in order with who said them, to whom and when, once each', async () => {
  const host = await running();
  const first = utterance('producer', 0, 'Are you <b>there</b>?', 1200);
  host.send(frame(first), frame(utterance('consumer', 0, '네!', 2500)), frame(first));
  const lines = page.getByTestId('utterances').getByRole('listitem');
  await expect.element(lines.nth(1)).toBeVisible();
  expect(lines.elements()).toHaveLength(2);
  await expect.element(lines.nth(0)).toHaveTextContent('Producer (pid 4001) to Consumer (pid 4002)');
  await expect.element(lines.nth(0)).toHaveTextContent('Are you <b>there</b>?');
  await expect.element(lines.nth(0)).toHaveTextContent(/1\.2\s*s.*\+45\s*µs/);
  await expect.element(lines.nth(1)).toHaveAttribute('data-from', 'consumer');
});

test('a line that is too long says so and is not sent', async () => {
  const host = await running();
  await line('Producer').fill('가'.repeat(334));
  await expect.element(page.getByRole('alert')).toHaveTextContent('1002 bytes');
  await expect.element(line('Producer')).toHaveAttribute('aria-invalid', 'true');
  await expect.element(page.getByTestId('say-producer-send')).toBeDisabled();
  await userEvent.keyboard('{Enter}');
  expect(said(host)).toEqual([]);
});

test('what was refused stays in its line', async () => {
  const error = {
    code: 'bad_command' as const,
    message: 'the process takes no more lines now',
    remedy: 'See.',
    where: 'say',
  };
  await running({ 'session.command': () => ({ ok: false, error }) });
  await line('Producer').fill('hello');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toHaveTextContent('takes no more lines');
  await expect.element(line('Producer')).toHaveValue('hello');
});

test('nobody speaks while it is paused, nor after it; what was said stays', async () => {
  const host = await running();
  host.send(frame(utterance('producer', 0, 'hello', 100)), {
    ...state('paused'),
    event: 'state',
    state: 'paused',
    info: of(info('paused')),
    session: ID,
  });
  await expect.element(line('Producer')).toBeDisabled();
  host.send(frame(summary({ pattern: 'dialogue' })), {
    event: 'state',
    state: 'finished',
    info: of(info('finished')),
    session: ID,
  });
  await expect.element(line('Producer')).not.toBeInTheDocument();
  await expect.element(page.getByTestId('utterances')).toHaveTextContent('hello');
});

test('a recorded dialogue is shown as it was, without lines to type in', async () => {
  const utterances = [utterance('producer', 0, 'first', 100), utterance('consumer', 0, 'second', 200)];
  const run = snapshot({ info: of(info('finished')), hello: talking, utterances });
  const host = new FakeHost({ 'runs.open': () => ok(run) });
  await openApp(host, `#/runs/${ID}`);
  await expect.element(page.getByTestId('utterances')).toHaveTextContent(/first.*second/);
  await expect.element(line('Producer')).not.toBeInTheDocument();
});

test('the pattern has its own defaults: a dialogue has no duration unless one is chosen', async () => {
  const host = new FakeHost({ 'helper.describe': () => ok({ ...describeAnswer, mechanisms }) });
  await openApp(host);
  const duration = page.getByRole('textbox', { name: 'Duration' });
  await expect.element(duration).toHaveValue('5 s');
  await page.getByRole('combobox', { name: 'Pattern' }).selectOptions('dialogue');
  await expect.element(duration).toHaveValue('unlimited');
  await page.getByTestId('start').click();
  await expect
    .poll(() => host.asked('session.start'))
    .toEqual([{ mechanism: 'pipe', variant: 'plain', pattern: 'dialogue', options: {} }]);
});
