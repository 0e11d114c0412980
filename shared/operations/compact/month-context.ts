import type { ExportContext } from '../../messages/export-context';

/** What compaction works with: the output of one tenant, and how files are written. */
export type MonthContext = Omit<ExportContext, 'day' | 'data'>;
