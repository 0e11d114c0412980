import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderObjectStore } from '../../../shared/local/folder-object-store';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { describeMetadataStore, PAGE_SIZE as METADATA_PAGE_SIZE } from '../../contract/metadata-store-contract';
import { describeObjectStore, PAGE_SIZE } from '../../contract/object-store-contract';

const openMemory = async () => ({ store: new MemoryObjectStore({ pageSize: PAGE_SIZE }) });

describeObjectStore('memory', openMemory, { canBeMissing: false });

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'makoto-folder-'));
  return {
    store: createFolderObjectStore({ folder, listPageSize: PAGE_SIZE }),
    missing: createFolderObjectStore({ folder: join(folder, 'not-there') }),
    close: () => rm(folder, { recursive: true }),
  };
}

describeObjectStore('a folder', openFolder, { canBeMissing: true });

const openMetadata = async () => ({ store: new MemoryMetadataStore({ pageSize: METADATA_PAGE_SIZE }) });

describeMetadataStore('memory', openMetadata, { canBeMissing: false });
