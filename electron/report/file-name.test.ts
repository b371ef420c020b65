import { expect, it } from 'vitest';
import { fileName } from './file-name.ts';

it.each([
  [['Pipe · Stream · 64 B', 'Latency, one way'], 'Pipe-Stream-64-B-Latency-one-way'],
  [['파이프 · 64 B', '지연 분포'], '파이프-64-B-지연-분포'],
  [['../../etc/passwd'], 'etc-passwd'],
  [['a/b\\c:d*e?f"g<h>i|j'], 'a-b-c-d-e-f-g-h-i-j'],
  [['p99.9'], 'p99.9'],
  [['...'], 'ipc-scope'],
  [[''], 'ipc-scope'],
])('%o becomes %s', (parts, name) => {
  expect(fileName(...parts)).toBe(name);
});

it('is short enough for every file system, also in Korean', () => {
  expect(new TextEncoder().encode(`${fileName('가'.repeat(500))}.html`).length).toBeLessThanOrEqual(255);
});
