// The row interface of parquetjs-lite 0.8.7; the package ships no types.

declare module 'parquetjs-lite' {
  export class ParquetWriter {
    static openFile(schema: ParquetSchema, path: string): Promise<ParquetWriter>;
    appendRow(row: object): Promise<void>;
    close(): Promise<void>;
  }
}
