import { describe, expect, it } from 'vitest';
import { compare } from './comparison.ts';
import { comparisonCsv, comparisonMarkdown } from './files.ts';
import { side } from './test-sides.ts';

const words = { setting: (name: string) => name, value: (_: string, value: unknown) => String(value) };
const comparison = compare([
  side('run-a', { rate: 1000 }),
  side('run-b', { rate: 3000, change: { mechanism: 'shm' }, machine: null }),
]);
const names = [
  { name: 'slow | old', created_ms: 0 },
  { name: 'fast, "new"', created_ms: 1000 },
];

describe('a comparison to take away', () => {
  it('as Markdown has the sentence, the ratios, what differs and the cautions', () => {
    const text = comparisonMarkdown(comparison, names, words, 'en');
    expect(text).toMatch(/^# Comparison\n\nB \(shm\) delivers 3/);
    expect(text).toContain('| A (baseline) | slow \\| old |');
    expect(text).toMatch(
      /\| Messages per second \| 1\u00a0k\/s \| 3\u00a0k\/s ×3(\.0\d)? \([\d.]+–[\d.]+\) \|/,
    );
    expect(text).toContain('| **mechanism** (differs) | pipe | shm |');
    expect(text).toContain('| variant | plain | plain |');
    expect(text).toContain('- **The recording does not say on which machine it was measured: B.**');
    // Every row of a table has as many cells as its head.
    for (const block of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const cells = block
        .trim()
        .split('\n')
        .map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(cells).size).toBe(1);
    }
    expect(comparisonMarkdown(comparison, names, words, 'ko')).toContain('| A (기준) |');
  });

  it('as CSV has a line for each figure and setting of each run, in whole figures', () => {
    const lines = comparisonCsv(comparison, names).trimEnd().split('\r\n');
    expect(lines[0]).toBe('side,id,name,role,kind,key,value,ratio,ratio_low,ratio_high');
    expect(lines).toContain('A,run-a,slow | old,baseline,figure,messages_per_s,1000,,,');
    const rate = lines.find((line) => line.startsWith('B,') && line.includes('messages_per_s'));
    expect(rate).toMatch(/^B,run-b,"fast, ""new""",,figure,messages_per_s,3000,3,2\.\d+,3\.\d+$/);
    expect(lines).toContain('B,run-b,"fast, ""new""",,setting_that_differs,mechanism,shm,,,');
  });
});
