/** Runs as files for other programs: the samples as CSV, everything as JSON. */
import type { ExportedFile, ExportFormat } from '#contract/runs';
import type { SeriesTable } from '#contract/series';
import { fail } from '#contract/errors';
import type { OpenedRun } from './library.ts';

export function exportRun({ snapshot, file }: OpenedRun, format: ExportFormat): ExportedFile {
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
  }
}

/** RFC 4180, one row a sample; a column's name ends with its unit, and a moment without a value is an empty field. */
export function toCsv({ columns, rows, values }: SeriesTable): string {
  const lines = [columns.map(({ key }) => quoted(key)).join(',')];
  for (let row = 0; row < rows; row++) {
    lines.push(values.map((column) => String(column[row] ?? '')).join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
