/** Runs as files for other programs: the samples as CSV, everything as JSON. */
import { csv } from '#contract/csv';
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
      const { info, hello, summary, series, latency_buckets, calls, notes, utterances, errors } = snapshot;
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
        errors,
      };
      return { name: `${id}.json`, mime: 'application/json', text: `${JSON.stringify(content, null, 1)}\n` };
    }
  }
}

/** RFC 4180, one row a sample; a column's name ends with its unit, and a moment without a value is an empty field. */
export function toCsv({ columns, rows, values }: SeriesTable): string {
  const samples = Array.from({ length: rows }, (_, row) => values.map((column) => column[row] ?? undefined));
  return csv([columns.map(({ key }) => key), ...samples]);
}
