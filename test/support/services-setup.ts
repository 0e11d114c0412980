import { type Services, startServices } from '../../local/services/services';
import { announceServices } from './services';

/** The services of one run of Jest, however many of its projects ask for them. */
export interface SharedServices {
  readonly started: Promise<Services>;
  users: number;
}

declare global {
  // `let` and `const` make no property of globalThis.
  var makotoSharedServices: SharedServices | undefined;
}

// biome-ignore lint/style/noDefaultExport: Jest asks for one
export default async function setUp(): Promise<void> {
  globalThis.makotoSharedServices ??= { started: startServices(), users: 0 };
  globalThis.makotoSharedServices.users += 1;
  announceServices((await globalThis.makotoSharedServices.started).settings);
}
