import { MetadataError } from '../errors';
import type { CosmosDocument } from './cosmos-documents';

/**
 * Where a query goes on. Documents with the same keys can stand on both sides of a page's end, so the last one of a page
 * is held back until the next page shows whether there is another.
 */
export interface PageToken {
  readonly continuation: string;
  readonly held?: CosmosDocument | undefined;
}

export function writePageToken(token: PageToken): string {
  return JSON.stringify(token);
}

/** @throws MetadataError `metadata_request_invalid` where the text is no token of {@link writePageToken} */
export function readPageToken(text: string): PageToken {
  let token: unknown;
  try {
    token = JSON.parse(text);
  } catch {
    // Refused below.
  }
  if (isPageToken(token)) return token;
  throw new MetadataError('The continuation token is not one that this store gave.', {
    code: 'metadata_request_invalid',
    kind: 'permanent',
  });
}

function isPageToken(value: unknown): value is PageToken {
  return (
    typeof value === 'object' && value !== null && 'continuation' in value && typeof value.continuation === 'string'
  );
}
