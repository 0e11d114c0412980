import type { ContainerClient } from '@azure/storage-blob';

/** A blob's bytes, as one gets them who follows the SDK's documentation. */
export async function downloaded(container: ContainerClient, key: string): Promise<Buffer> {
  const { readableStreamBody } = await container.getBlobClient(key).download();
  const chunks: Buffer[] = [];
  for await (const chunk of readableStreamBody ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The names below a prefix, as one gets them who follows the SDK's documentation. */
export async function namesBelow(container: ContainerClient, prefix: string): Promise<number> {
  let names = 0;
  for await (const page of container.listBlobsFlat({ prefix }).byPage({ maxPageSize: 5000 })) {
    names += page.segment.blobItems.length;
  }
  return names;
}
