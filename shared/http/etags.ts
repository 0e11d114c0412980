/** An ETag without its quotes, which headers have and some listings leave out. */
export function unquoted(etag: string | undefined): string {
  if (etag === undefined) return '';
  return etag.includes('"') ? etag.replace(/^"|"$/g, '') : etag;
}

/** An ETag as a header has it. @param etag with its quotes or without */
export function quoted(etag: string): string {
  return `"${unquoted(etag)}"`;
}
