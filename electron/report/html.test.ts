import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NO_LABEL, type RunLabel } from '#contract/runs';
import { SampleDeriver, SeriesRing } from '#contract/series';
import type { SessionSnapshot } from '#contract/session';
import type { Locale } from '#contract/settings';
import { hello, summary, tick } from '#contract/test-frames';
import { reportHtml } from './html.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

function snapshot(change: Partial<SessionSnapshot> = {}): SessionSnapshot {
  const deriver = new SampleDeriver(hello());
  const ring = new SeriesRing(deriver.columns, 50);
  for (let n = 1; n <= 50; n++) ring.push(deriver.push(tick(n)));
  const spec = { mechanism: 'pipe', options: {} };
  return {
    info: { id: '20261121-041500-pipe-7f3a', spec, state: 'finished', created_ms: 1_795_234_500_000 },
    hello: hello(),
    summary: summary(),
    series: ring.toTable(),
    latency_buckets: [1000, 98, 1500, 2],
    calls: [],
    rpc_call: null,
    notes: [{ t: 'note', elapsed_ns: 1e9, code: 'drained', params: {} }],
    utterances: [],
    marks: [],
    errors: [],
    ...change,
  };
}

function report(
  change: Partial<SessionSnapshot> = {},
  label: Partial<RunLabel> = {},
  locale: Locale = 'en',
): string {
  return reportHtml(
    { snapshot: snapshot(change), label: { ...NO_LABEL, ...label }, app: '0.1.0', helper: '0.1.0', locale },
    sha256,
  );
}

describe('the report of a run', () => {
  it('asks for nothing, runs nothing, and its policy names its one style', () => {
    const html = report();
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=|\sstyle=|\son[a-z]+=|url\(|@import/i);
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
    expect(html).toContain(`default-src 'none'; style-src 'sha256-${sha256(style)}'`);
  });

  it('holds the figures, settings, processes and events of the run', () => {
    const html = report({}, { name: 'First try', note: 'cold cache', tags: ['week 3'] });
    for (const said of ['<h1>First try</h1>', 'cold cache', 'week 3', 'producer 0', 'p99.9', 'size_bytes']) {
      expect(html).toContain(said);
    }
    expect(html).toContain('took what was still in the channel');
  });

  it('lists what a person marked, and draws a flag for it in every chart over time', () => {
    const poles = (html: string) => html.match(/<path [^>]*class="fill-ink"/g)?.length ?? 0;
    const html = report({ marks: [{ id: 'mark0001', elapsed_ns: 1e9, text: 'made the consumer slow' }] });
    expect(html).toContain('made the consumer slow');
    expect(poles(html)).toBe(poles(report()) + 8);
  });

  it('draws every chart', () => {
    const titles = [...report().matchAll(/<svg [^>]*aria-label="([^"]*)"/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'Throughput, messages',
      'Latency, one way',
      'Latency distribution',
      'Latency by percentile',
      'Buffer occupancy',
      'Producer&#39;s time',
      'Consumer&#39;s time',
      'Context switches and page faults',
      'Errors and refusals',
      'Throughput, bytes',
    ]);
    expect(report().match(/<path [^>]*class="stroke-series-/g)?.length).toBeGreaterThan(10);
  });

  it('speaks the language of whoever asks', () => {
    const html = report({}, {}, 'ko');
    expect(html).toContain('<html lang="ko">');
    for (const said of ['실행 보고서', '단방향 지연', '생산자의 시간', '운영체제 객체'])
      expect(html).toContain(said);
  });

  it('cannot be broken out of by a name, a note, a tag, a line of a dialogue or a damaged recording', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
    const known = hello();
    const html = report(
      {
        hello: {
          ...known,
          mechanism: evil,
          options: { [evil]: evil },
          objects: [{ kind: evil, name: evil, mode: evil, capacity_bytes: 1 }],
        },
        summary: summary({ warnings: [{ code: evil, cause: evil, effect: evil, remedy: evil }] }),
        errors: [{ code: 'recording_damaged', message: evil, remedy: evil, where: evil }],
        marks: [{ id: 'mark0001', elapsed_ns: 1e9, text: evil }],
        utterances: [
          {
            t: 'utterance',
            elapsed_ns: 1,
            from: { role: 'producer', index: 0, pid: 1 },
            to: { role: 'consumer', index: 0, pid: 2 },
            text: evil,
            sequence: 0,
            bytes: 1,
            sent_ns: 0,
          },
        ],
      },
      { name: evil, note: evil, tags: [evil] },
    );
    expect(html).not.toMatch(/<script|<img/);
    expect(html.split('&lt;script&gt;alert(1)').length).toBeGreaterThan(8);
  });

  it('says what is missing of a run that was cut off', () => {
    const html = report({ summary: null, series: null, hello: null, latency_buckets: [] });
    expect(html).toContain('There is no summary');
    expect(html).toContain('no samples to draw');
    expect(html).not.toMatch(/NaN|undefined|null/);
  });
});
