import { ArrowEncoder } from './arrow-encoder';
import type { EncoderName } from './compression';
import type { ParquetEncoder } from './encoder';
import { ParquetJsEncoder } from './parquetjs-encoder';

export function createEncoder(name: EncoderName): ParquetEncoder {
  return name === 'arrow' ? new ArrowEncoder() : new ParquetJsEncoder();
}
