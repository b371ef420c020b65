/** The main process's log: stderr, one place, so that it can become a file without a change elsewhere. */

export function log(what: string, thrown?: unknown): void {
  const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown;
  process.stderr.write(why === undefined ? `${what}\n` : `${what}: ${String(why)}\n`);
}
