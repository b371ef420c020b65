/** A field of a CSV file (RFC 4180), quoted where it has to be. */
export function csvField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
