import './services-setup';

// biome-ignore lint/style/noDefaultExport: Jest asks for one
export default async function tearDown(): Promise<void> {
  const shared = globalThis.makotoSharedServices;
  if (shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  globalThis.makotoSharedServices = undefined;
  for (const services of await Promise.all([shared.started, shared.aws])) await services.stop();
}
