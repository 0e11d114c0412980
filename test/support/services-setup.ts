import { type Services, startServices } from '../../local/services/services';
import { startAwsServices } from './aws-services';
import { announceServices } from './services';

/** The services of one run of Jest, however many of its projects ask for them. */
export interface SharedServices {
  readonly started: Promise<Services>;
  readonly aws: Promise<{ stop(): Promise<void> }>;
  users: number;
}

declare global {
  // `let` and `const` make no property of globalThis.
  var makotoSharedServices: SharedServices | undefined;
}

// biome-ignore lint/style/noDefaultExport: Jest asks for one
export default async function setUp(): Promise<void> {
  globalThis.makotoSharedServices ??= { started: startServices(), aws: startAwsServices(), users: 0 };
  globalThis.makotoSharedServices.users += 1;
  const [services] = await Promise.all([globalThis.makotoSharedServices.started, globalThis.makotoSharedServices.aws]);
  announceServices(services.settings);
}
