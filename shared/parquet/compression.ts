export type Compression = 'ZSTD' | 'SNAPPY';

export type EncoderName = 'arrow' | 'parquetjs-lite';

/** What each encoder can write; parquetjs-lite holds no ZSTD. The first one is the encoder's default. */
export const SUPPORTED_COMPRESSIONS: Readonly<Record<EncoderName, readonly Compression[]>> = {
  arrow: ['ZSTD', 'SNAPPY'],
  'parquetjs-lite': ['SNAPPY'],
};
