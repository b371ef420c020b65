/** Runs as files: the samples as CSV and everything as JSON for other programs, a report as HTML for people. */
import { createHash } from 'node:crypto';
import { csv } from '#contract/csv';
import { NO_LABEL, type ExportedFile, type ExportFormat, type RunLabel } from '#contract/runs';
import type { SeriesTable } from '#contract/series';
import { fail } from '#contract/errors';
import type { Locale } from '#contract/settings';
import { fileName } from '#report/file-name';
import { reportHtml } from '#report/html';
import type { OpenedRun } from './library.ts';

/** A picture has no room for more, so a report takes no more memory however long the run was. */
const REPORT_ROWS = 4000;

/** Rows of the other exports: every sample of a session of hours; of a longer one neighbours are merged. */
const EXPORT_ROWS = 200_000;

/** Most sample rows that an export of this format needs. */
export function rowsFor(format: ExportFormat): number {
  return format === 'html' ? REPORT_ROWS : EXPORT_ROWS;
}

export function exportRun(
  { snapshot, file }: OpenedRun,
  format: ExportFormat,
  label: RunLabel = NO_LABEL,
  locale: Locale = 'en',
): ExportedFile {
  const { id } = snapshot.info;
  switch (format) {
    case 'csv':
      if (snapshot.series === null) {
        fail('recording_damaged', 'the recording holds no samples', 'Export it as JSON instead.', {
          where: id,
        });
      }
      return { name: `${id}.csv`, mime: 'text/csv', text: toCsv(snapshot.series) };
    case 'json': {
      const { info, hello, summary, series, latency_buckets, calls, notes, utterances, marks, errors } =
        snapshot;
      const content = {
        format: 1,
        ...info,
        app: file?.app ?? null,
        helper: hello?.helper ?? file?.helper ?? null,
        machine: snapshot.machine ?? null,
        hello,
        summary,
        series,
        latency_buckets,
        calls,
        notes,
        utterances,
        marks,
        errors,
      };
      return { name: `${id}.json`, mime: 'application/json', text: `${JSON.stringify(content, null, 1)}\n` };
    }
    case 'html': {
      const report = { snapshot, label, app: file?.app ?? null, helper: file?.helper ?? null, locale };
      const name = label.name === '' ? id : `${fileName(label.name)}-${id}`;
      return { name: `${name}.html`, mime: 'text/html', text: reportHtml(report, sha256) };
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** RFC 4180, one row a sample; a column's name ends with its unit, and a moment without a value is an empty field. */
export function toCsv({ columns, rows, values }: SeriesTable): string {
  const samples = Array.from({ length: rows }, (_, row) => values.map((column) => column[row] ?? undefined));
  return csv([columns.map(({ key }) => key), ...samples]);
}
