/** A library of ten thousand runs, through the real engine: listed, found again after a change, and none read twice. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRuns } from '../support/recordings.ts';
import { newFolder, openOn } from './support.ts';

const RUNS = 10_000;

it('lists ten thousand runs, and after that only what has changed is read', async () => {
  const folder = await newFolder();
  const ids = makeRuns(folder, RUNS);
  const engine = await openOn(folder);
  const timed = async () => {
    const began = performance.now();
    const list = await engine.get('runs.list');
    return { list, ms: performance.now() - began };
  };
  const first = await timed();
  expect(first.list.map(({ id }) => id)).toEqual(ids.toReversed());
  expect(first.list.filter(({ label }) => label.pinned)).toHaveLength(RUNS / 1000);
  const again = await timed();
  expect(again.list).toEqual(first.list);

  const [oldest = '', second = '', third = ''] = ids;
  await engine.get('runs.label', { id: second, change: { name: 'second' } });
  await engine.get('runs.delete', { id: oldest });
  await writeFile(join(folder, 'runs', third, 'run.json'), '{');
  const changed = await timed();
  expect(changed.list).toHaveLength(RUNS - 1);
  expect(changed.list.at(-1)).toMatchObject({ id: second, label: { name: 'second' } });
  expect(changed.list.at(-2)).toMatchObject({ id: third, state: 'damaged' });

  // The next start reads what this one knew.
  await engine.engine.close();
  const next = await openOn(folder);
  const began = performance.now();
  expect(await next.get('runs.list')).toEqual(changed.list);
  const restarted_ms = performance.now() - began;
  await rm(join(folder, 'runs'), { recursive: true });
  expect(await next.get('runs.list')).toEqual([]);
  const figures = { first: first.ms, again: again.ms, changed: changed.ms, restarted: restarted_ms };
  const said = Object.entries(figures).map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
  process.stdout.write(`${said.join(', ')}\n`);
}, 120_000);
