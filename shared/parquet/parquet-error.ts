import { BatchError } from '../errors';

/** Rows that cannot become a Parquet file, or a file that could not be written. */
export class ParquetError extends BatchError {}
