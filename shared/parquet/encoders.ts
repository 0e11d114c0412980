import type * as ArrowEncoderModule from './arrow-encoder';
import type { EncoderName } from './compression';
import type { ParquetEncoder } from './encoder';
import type * as ParquetJsEncoderModule from './parquetjs-encoder';

// Megabytes of code, of which a process needs one or, where a thread encodes for it, none.

/** An encoder that works in the thread of its caller. */
export function createEncoder(name: EncoderName): ParquetEncoder {
  if (name === 'arrow') {
    const { ArrowEncoder } = require('./arrow-encoder') as typeof ArrowEncoderModule;
    return new ArrowEncoder();
  }
  const { ParquetJsEncoder } = require('./parquetjs-encoder') as typeof ParquetJsEncoderModule;
  return new ParquetJsEncoder();
}
