import type { z } from 'zod';
import type { MetadataItem } from '../ports/metadata-store';

/** What of history was asked for: what could be read, and a sentence for each record that could not. */
export interface Unreadable {
  readonly unreadable: readonly string[];
}

/** Why a record cannot be read, as a sentence for people. */
export function unreadableRecord({ PK, SK }: Pick<MetadataItem, 'PK' | 'SK'>, problems: string): string {
  return `The record ${PK} / ${SK} cannot be read: ${problems}. Correct or remove it.`;
}

export function problemsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
