/** The size that the files of a month aim at. */
export const MONTH_PART_BYTES = 128 * 1024 * 1024;

/**
 * Which of a month's source parts make one file together: as many as come to the size by their own bytes, which files of the same rows
 * hardly differ from. A source part is never divided, and none is larger than a shard's part may be. It depends on the sources alone, so
 * that the same month gives the same files.
 */
export function groupsOf<Part extends { readonly bytes: number }>(
  parts: readonly Part[],
  limit: number = MONTH_PART_BYTES,
): Part[][] {
  const groups: Part[][] = [];
  let bytes = 0;
  for (const part of parts) {
    const last = groups.at(-1);
    if (last === undefined || bytes + part.bytes > limit) {
      groups.push([part]);
      bytes = part.bytes;
    } else {
      last.push(part);
      bytes += part.bytes;
    }
  }
  return groups;
}
