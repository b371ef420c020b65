/**
 * A run as one HTML file that needs nothing else: no script, no request, both themes, ready to be printed or mailed. Its
 * policy forbids whatever it does not need, so that not even a name that broke out of its place could do anything.
 */
import { MARK_LIMITS } from '#contract/marks';
import type { RunLabel } from '#contract/runs';
import { SeriesRing } from '#contract/series';
import type { SessionSnapshot } from '#contract/session';
import type { Locale } from '#contract/settings';
import { errorText } from '#contract/text/error';
import { formatBytes, formatCount, formatDuration, formatMoment } from '#contract/text/format';
import { noteText } from '#contract/text/note';
import { warningText } from '#contract/text/warning';
import { chartSpecs } from './chart-specs.ts';
import { escaped } from './escape.ts';
import type { Figure } from './figure.ts';
import { flagTimes } from './flag-times.ts';
import { code, element, facts, raw, section, table } from './html-parts.ts';
import { distributionFigure, percentileFigure } from './latency-figures.ts';
import { REPORT_STYLE } from './report-style.ts';
import {
  integrityFacts,
  latencyRow,
  machineFacts,
  processTable,
  settingFacts,
  summaryFacts,
} from './report-tables.ts';
import { documentWords } from './report-words.ts';
import { toSvg } from './svg.ts';
import { timeFigure } from './time-figure.ts';
import { reportWords } from './words.ts';

export interface Report {
  snapshot: SessionSnapshot;
  label: RunLabel;
  /** Version of what recorded it; null where that is not known any more. */
  app: string | null;
  helper: string | null;
  locale: Locale;
}

const FIGURE = { width: 960, height: 300 };

/** The document. `sha256` gives the digest of a text in base64, for the policy to name the one style that there is. */
export function reportHtml(report: Report, sha256: (text: string) => string): string {
  const { snapshot, locale } = report;
  const words = documentWords[locale];
  const { summary } = snapshot;
  const title = titleOf(report);
  const body = [
    head(report, title),
    section(
      words.summary,
      summary === null ? element('p', words.noSummary) : facts(summaryFacts(summary, words, locale)),
    ),
    section(
      summary?.latency.kind === 'round_trip' ? words.roundTrip : words.oneWay,
      summary === null ? '' : latencyRow(summary, words, locale),
    ),
    section(words.warnings, ...warnings(report)),
    section(words.errors, ...errors(report)),
    section(words.charts, ...charts(report)),
    section(words.integrity, summary === null ? '' : facts(integrityFacts(summary, words, locale))),
    section(words.processes, summary === null ? '' : processTable(summary, words, locale)),
    section(words.objects, objects(report)),
    section(words.settings, ...settings(report)),
    section(words.machine, ...machine(report)),
    section(words.dialogue, dialogue(report)),
    section(words.marks, marks(report)),
    section(words.events, events(report)),
    element('footer', words.written(report.app ?? '?', report.helper ?? snapshot.hello?.helper ?? '?')),
  ];
  const policy = `default-src 'none'; style-src 'sha256-${sha256(REPORT_STYLE)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(`${title} · IPC Scope`)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${body.join('')}</main>
</body>
</html>
`;
}

/** As its owner named it, or by its settings. */
function titleOf({ snapshot, label, locale }: Report): string {
  if (label.name !== '') return label.name;
  const { spec } = snapshot.info;
  const { mechanism, variant, pattern, options } = snapshot.hello ?? { ...spec, options: spec.options };
  const size = options['size_bytes'];
  return [
    mechanism,
    ...(pattern === undefined ? [] : [pattern]),
    ...(variant === undefined || variant === 'plain' ? [] : [variant]),
    ...(typeof size === 'number' ? [formatBytes(size, locale)] : []),
  ].join(' · ');
}

function head({ snapshot, label, locale }: Report, title: string): string {
  const words = documentWords[locale];
  const { id, created_ms, state } = snapshot.info;
  const when = formatMoment(created_ms, locale, 'long');
  return [
    element('p', words.report, 'soft'),
    element('h1', title),
    element('p', `${words.when}: ${when} · ${words.states[state]}`, 'soft'),
    element('p', raw(`${escaped(words.run)}: ${code(id).html}`), 'soft'),
    label.tags.length === 0 ? '' : element('p', `${words.tags}: ${label.tags.join(', ')}`, 'soft'),
    label.note === '' ? '' : element('p', label.note, 'pre'),
  ].join('');
}

function warnings({ snapshot, locale }: Report): string[] {
  return (snapshot.summary?.warnings ?? []).map((warning) => {
    const { cause, effect, remedy } = warningText(warning, locale);
    return `<div class="warning">\n${element('p', `${cause} ${effect}`)}${element('p', remedy)}</div>\n`;
  });
}

function errors({ snapshot, locale }: Report): string[] {
  return snapshot.errors.map((error) => {
    const { what, remedy } = errorText(error, locale);
    return `<div class="warning">\n${element('p', what)}${element('p', remedy)}</div>\n`;
  });
}

/** Every chart of the session in the order of the page. */
function charts(report: Report): string[] {
  const { snapshot, locale } = report;
  const words = documentWords[locale];
  const { series } = snapshot;
  if (series === null || series.rows === 0) return [element('p', words.noCharts)];
  const rows = new Intl.NumberFormat(locale).format(series.rows);
  return [
    element('p', words.chartsNote(rows), 'soft'),
    ...figuresOf(report, SeriesRing.fromTable(series)).map(
      (figure) => `<figure>${toSvg(figure, FIGURE)}</figure>\n`,
    ),
  ];
}

function figuresOf({ snapshot, locale }: Report, ring: SeriesRing): Figure[] {
  const words = reportWords[locale];
  const { titles } = words;
  const time = ring.indexOf('elapsed_s');
  const first = ring.at(time, 0);
  const span = { from: first < 0.5 ? 0 : first, to: ring.at(time, ring.length - 1) };
  const moments = snapshot.notes.map(({ elapsed_ns }) => elapsed_ns / 1e9);
  const flags = flagTimes(snapshot.marks, span);
  const roundTrip = snapshot.summary?.latency.kind === 'round_trip' || snapshot.hello?.pattern === 'pingpong';
  const latency = { words, locale };
  return chartSpecs().flatMap((spec) => {
    const title = spec.id === 'latency' ? (roundTrip ? titles.roundTrip : titles.oneWay) : titles[spec.id];
    const figure = timeFigure(spec, ring, { title, span, words, locale, moments, flags, stretches: 440 });
    if (spec.id !== 'latency') return [figure];
    const buckets = snapshot.latency_buckets;
    return [
      figure,
      distributionFigure(buckets, { ...latency, title: titles.distribution }),
      percentileFigure(buckets, { ...latency, title: titles.percentiles }),
    ];
  });
}

function objects({ snapshot, locale }: Report): string {
  const words = documentWords[locale];
  return table(
    [words.name, words.what, ''],
    (snapshot.hello?.objects ?? []).map(({ kind, name, mode, capacity_bytes }) => [
      code(name),
      kind.replaceAll('_', ' '),
      [mode, ...(capacity_bytes === null ? [] : [formatBytes(capacity_bytes, locale)])].join(' · '),
    ]),
    'words',
  );
}

function settings({ snapshot, locale }: Report): string[] {
  const words = documentWords[locale];
  const rows = settingFacts(snapshot, words, locale);
  return rows.length === 0 ? [] : [element('p', words.settingsNote, 'soft'), facts(rows)];
}

function machine({ snapshot, locale }: Report): string[] {
  const words = documentWords[locale];
  const rows = snapshot.summary === null ? [] : machineFacts(snapshot.summary, words, locale);
  return rows.length === 0 ? [] : [element('p', words.machineNote, 'soft'), facts(rows)];
}

function dialogue({ snapshot, locale }: Report): string {
  const words = documentWords[locale];
  return table(
    [words.at, words.process, words.what],
    snapshot.utterances.map(({ elapsed_ns, from, text }) => [
      formatDuration(elapsed_ns, locale),
      `${words[from.role]} ${formatCount(from.index, locale)}`,
      text,
    ]),
    'words',
  );
}

/** Most marks that are listed: as many as a person may set. */
const MOST_MARKS = MARK_LIMITS.made;

function marks({ snapshot, locale }: Report): string {
  const words = documentWords[locale];
  return table(
    [words.at, words.note],
    snapshot.marks
      .slice(0, MOST_MARKS)
      .map(({ elapsed_ns, text }) => [formatDuration(elapsed_ns, locale), text]),
    'words',
  );
}

function events({ snapshot, locale }: Report): string {
  const words = documentWords[locale];
  return table(
    [words.at, words.what],
    snapshot.notes.map((note) => [formatDuration(note.elapsed_ns, locale), noteText(note, locale)]),
    'words',
  );
}
