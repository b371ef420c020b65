/** Tables as CSV (RFC 4180): a field that holds a comma, a quote or a line end is quoted, and what is missing is empty. */
export function csv(rows: readonly (readonly (string | number | undefined)[])[]): string {
  return rows.map((row) => `${row.map((field) => quoted(String(field ?? ''))).join(',')}\r\n`).join('');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
