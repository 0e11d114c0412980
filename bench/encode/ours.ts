import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { businessDay, epochDay, HourOfDay } from '../../shared/calendar';
import { judgeMessage } from '../../shared/messages/contract';
import { DATASETS } from '../../shared/messages/datasets';
import { messageRow } from '../../shared/messages/message-row';
import type { Compression } from '../../shared/parquet/compression';
import { startEncodingThread } from '../../shared/parquet/encoding-link';
import { PartWriter } from '../../shared/parquet/part-writer';
import { ThreadedEncoder } from '../../shared/parquet/threaded-encoder';
import type { Encode } from './encode-job';
import { DATE, readMessages, TENANT, ZONE } from './messages';

/**
 * The export's own way from bodies to a part, the contract and the reading back of the footer included.
 *
 * @param threads 2: what one parses, another encodes, as in the app; wants a compiled program
 */
export async function ours(folder: string, compression: Compression, threads: 1 | 2): Promise<Encode> {
  const encoder = threads === 1 ? 'arrow' : new ThreadedEncoder(startEncodingThread);
  const messages = await readMessages(folder);
  const businessDate = epochDay(DATE);
  return async (path) => {
    const hours = new HourOfDay(businessDay(DATE, ZONE));
    const directory = dirname(path);
    const writer = await PartWriter.open({ encoder, schema: DATASETS.messages, compression, directory });
    for (const { key, body } of messages) {
      const verdict = judgeMessage(key, body);
      if (verdict.kind !== 'valid') throw new Error(`${key.key} is ${verdict.reason}: ${verdict.detail}`);
      await writer.append(messageRow(TENANT, businessDate, hours.at(verdict.placedMs), verdict.message));
    }
    const part = await writer.finish();
    await rename(part.path, path);
  };
}
