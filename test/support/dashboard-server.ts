import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerDashboard } from '../../shared/operations/dashboard/answer';
import type { DashboardSource } from '../../shared/operations/dashboard/source';

export interface DashboardServer {
  /** The page's address, without parameters. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the page of a source on this machine, as the HTTP function does. */
export async function startDashboardServer(source: DashboardSource): Promise<DashboardServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname !== '/api/dashboard') {
      response.writeHead(404).end();
      return;
    }
    const { accept, 'accept-language': acceptLanguage } = request.headers;
    const wishes = { ...(accept !== undefined && { accept }), ...(acceptLanguage !== undefined && { acceptLanguage }) };
    answerDashboard(source, { query, ...wishes }).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/dashboard`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
