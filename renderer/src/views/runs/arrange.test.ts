import { describe, expect, it } from 'vitest';
import { figuresOf, NO_LABEL, type RunInfo, type RunLabel } from '#contract/runs';
import { summary } from '../../test-support/frames.ts';
import { arrange, choices, EVERYTHING, type Wanted } from './arrange.ts';

let made = 0;
function run(mechanism: string, change: Partial<RunInfo> = {}, label: Partial<RunLabel> = {}): RunInfo {
  made++;
  return {
    id: `20261121-0415${String(made).padStart(2, '0')}-${mechanism}-7f3a`,
    created_ms: made * 1000,
    spec: { mechanism, options: { size_bytes: 64 } },
    state: 'finished',
    summary: null,
    bytes_on_disk: 10,
    label: { ...NO_LABEL, ...label },
    ...change,
  };
}
const withRate = (messages_per_s: number): Partial<RunInfo> => ({
  summary: { ...figuresOf(summary()), messages_per_s },
});

const nameOf = ({ label, spec }: RunInfo): string => label.name || spec.mechanism;
const shown = (runs: RunInfo[], wanted: Partial<Wanted> = {}): string[] =>
  arrange(runs, { ...EVERYTHING, ...wanted }, nameOf, 'en').map(nameOf);

describe('the order', () => {
  it('is the newest first, pinned ones above them', () => {
    const runs = [run('pipe', {}, { pinned: true }), run('tcp'), run('shm')];
    expect(shown(runs)).toEqual(['pipe', 'shm', 'tcp']);
  });

  it('is by a figure, those without one last, whichever way', () => {
    const runs = [run('slow', withRate(1)), run('none'), run('fast', withRate(9))];
    expect(shown(runs, { sort: { key: 'rate', ascending: true } })).toEqual(['slow', 'fast', 'none']);
    expect(shown(runs, { sort: { key: 'rate', ascending: false } })).toEqual(['fast', 'slow', 'none']);
  });

  it('is by name as people count', () => {
    const runs = [run('a', {}, { name: 'try 10' }), run('b', {}, { name: 'try 9' })];
    expect(shown(runs, { sort: { key: 'what', ascending: true } })).toEqual(['try 9', 'try 10']);
  });

  it('leaves the list that it was given alone', () => {
    const runs = [run('a'), run('b')];
    const before = [...runs];
    arrange(runs, EVERYTHING, nameOf, 'en');
    expect(runs).toEqual(before);
  });
});

describe('what is looked for', () => {
  const runs = [
    run('pipe', {}, { name: 'Slow reader', note: 'for the second question' }),
    run('shm', {}, { tags: ['과제 1'] }),
    run('tcp', { summary: { ...figuresOf(summary()), pattern: 'pingpong' } }, { tags: ['과제 1', 'net'] }),
  ];

  it.each([
    ['slow', ['Slow reader']],
    ['QUESTION second', ['Slow reader']],
    ['과제', ['tcp', 'shm']],
    ['과제'.normalize('NFD'), ['tcp', 'shm']],
    ['pingpong', ['tcp']],
    ['nothing of the kind', []],
    ['  ', ['tcp', 'shm', 'Slow reader']],
  ])('%j is found in names, notes, tags and settings', (query, found) => {
    expect(shown(runs, { query })).toEqual(found);
  });

  it('may be narrowed to a mechanism and a tag', () => {
    expect(shown(runs, { mechanism: 'shm' })).toEqual(['shm']);
    expect(shown(runs, { tag: '과제 1' })).toEqual(['tcp', 'shm']);
    expect(shown(runs, { tag: '과제 1', mechanism: 'pipe' })).toEqual([]);
  });

  it('is offered by how often it occurs', () => {
    expect(choices(runs, ({ label }) => label.tags)).toEqual(['과제 1', 'net']);
  });
});
