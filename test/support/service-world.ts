import { createPlatform, type DisposablePlatform } from '../../shared/platform';
import type { ObjectStore } from '../../shared/ports/object-store';
import { loadSettings } from '../../shared/settings';
import { messageBody, messageKeyAt } from './chat';
import { newBlobContainer, newMetadataContainer, sharedServices } from './services';

/** A data and a metadata container of a test's own in the shared services, as settings of the app and as a platform. */
export interface ServiceWorld {
  readonly settings: Readonly<Record<string, string>>;
  readonly platform: DisposablePlatform;
}

export async function newServiceWorld(extra: Readonly<Record<string, string>> = {}): Promise<ServiceWorld> {
  const settings = {
    ...sharedServices(),
    COSMOS_CONTAINER_NAME: await newMetadataContainer(),
    DATA_CONTAINER: await newBlobContainer(),
    TENANT_ID: '*',
    LOG_LEVEL: 'error',
    ...extra,
  };
  return { settings, platform: createPlatform(loadSettings(settings)) };
}

export async function registerTenant({ platform }: ServiceWorld, tenant: string, more: object = {}): Promise<void> {
  await platform.metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${tenant}`, tenant_id: tenant, ...more });
}

/** Puts a message and its room's metadata in. */
export async function putChat(
  { platform }: ServiceWorld,
  tenant: string,
  user: string,
  room: string,
  id: string,
  at: string,
): Promise<void> {
  await platform.metadata.put({ PK: `TENANT#${tenant}`, SK: `USER#${user}` });
  await platform.metadata.put({ PK: `TENANT#${tenant}#USER#${user}`, SK: `CHAT#${room}`, updated_at: at, title: room });
  await putObject(
    platform.dataStore(tenant),
    messageKeyAt(tenant, user, room, at, id),
    JSON.stringify(messageBody(id, at)),
  );
}

export async function putObject(store: ObjectStore, key: string, text: string): Promise<void> {
  await store.write(key, Buffer.from(text), { contentType: 'application/json' });
}
