/**
 * Ends the process once everything written has gone out. Clients keep connections open for a while, for calls that will not
 * come any more, and would keep the process waiting.
 */
export async function endProcess(code: number): Promise<never> {
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
