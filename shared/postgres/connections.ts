import { Socket } from 'node:net';
import { Pool, type PoolClient } from 'pg';
import { isError } from '../logging/is-error';
import type { Log } from '../ports/log';
import { codeOf } from './database-errors';
import { Gate } from './gate';
import { serverError } from './server-error';

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /**
   * Asked for at every new connection, as it may be a token that ends; with `fresh` once after the server has refused the last one.
   * What it throws is thrown on as it is, if it is a BatchError.
   */
  readonly password: (options: { readonly fresh: boolean }) => Promise<string>;
  /** `require`: TLS with a certificate that this machine trusts; `no-verify`: TLS with any; `disable`: none. */
  readonly ssl: 'require' | 'no-verify' | 'disable';
  /** Connections at most. Whoever finds none free waits. */
  readonly poolMax: number;
  readonly log?: Log;
  readonly timeouts?: Partial<DatabaseTimeouts>;
}

/** All in milliseconds. */
export interface DatabaseTimeouts {
  /** A connection, from its start to the login. */
  readonly connect: number;
  /** A statement, with its waiting for locks. */
  readonly statement: number;
  /** A statement's waiting for a lock: a sync of a tenant waits for the one before it. */
  readonly lock: number;
  /** A transaction without a statement. */
  readonly idleInTransaction: number;
}

export const DEFAULT_TIMEOUTS: DatabaseTimeouts = {
  connect: 15_000,
  statement: 300_000,
  lock: 120_000,
  idleInTransaction: 60_000,
};

/** Asked of the server, a timeout is an answer; this much later, no answer will come any more. */
const ANSWER_GRACE_MS = 30_000;

const IDLE_MS = 30_000;
const KEEP_ALIVE_DELAY_MS = 30_000;

const LOGIN_REFUSED = new Set(['28P01', '28000']);

/** A small pool of connections to one database, each of them used by one piece of work at a time. */
export class Connections {
  readonly timeouts: DatabaseTimeouts;
  readonly #pool: Pool;
  readonly #gate: Gate;
  readonly #log: Log | undefined;
  #freshPassword = false;
  #opening: Socket | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ConnectionOptions) {
    const { host, port, database, user, password, ssl, poolMax, log } = options;
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.#gate = new Gate(poolMax);
    this.#log = log;
    this.#pool = new Pool({
      host,
      port,
      database,
      user,
      password: () => {
        const fresh = this.#freshPassword;
        this.#freshPassword = false;
        return password({ fresh });
      },
      ssl: ssl === 'disable' ? false : { rejectUnauthorized: ssl === 'require' },
      sslnegotiation: 'postgres',
      stream: () => {
        this.#opening = new Socket();
        return this.#opening;
      },
      application_name: 'makoto-daily-batch',
      max: poolMax,
      idleTimeoutMillis: IDLE_MS,
      connectionTimeoutMillis: this.timeouts.connect,
      query_timeout: this.timeouts.statement + ANSWER_GRACE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    });
    // A connection that breaks while nobody uses it is replaced when it is needed. Without a listener it would end the process.
    this.#pool.on('error', (error) => this.#lost(error));
  }

  /**
   * Lends a connection to `work`. It is closed, and so rolled back by the server, unless it comes back without a transaction.
   *
   * @throws what pg throws, and what `work` throws
   */
  use<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#gate.pass(async () => {
      const client = await this.#connect();
      const lost = (error: Error) => this.#lost(error);
      client.on('error', lost);
      let reusable = false;
      try {
        const result = await work(client);
        reusable = isIdle(client);
        return result;
      } catch (error) {
        // After any other failure nobody knows what the connection is still doing.
        reusable = serverError(error)?.severity === 'ERROR' && isIdle(client);
        throw error;
      } finally {
        client.off('error', lost);
        client.release(!reusable);
      }
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#pool.end();
    return this.#closing;
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#open();
    } catch (error) {
      if (!LOGIN_REFUSED.has(serverError(error)?.sqlState ?? '')) throw error;
      this.#freshPassword = true;
      return await this.#open();
    }
  }

  async #open(): Promise<PoolClient> {
    this.#opening = undefined;
    // The pool opens its socket, if it opens one, before it returns. One whose login failed on this side it would leave open.
    const connecting = this.#pool.connect();
    const socket = this.#opening as Socket | undefined;
    try {
      return await connecting;
    } catch (error) {
      socket?.destroy();
      throw error;
    }
  }

  /** Of an idle connection, which nobody misses: the next call makes a new one. One that is at work fails its call. */
  #lost(error: unknown): void {
    this.#log?.info('A connection to the database was lost.', {
      reason: codeOf(error) ?? (isError(error) ? error.message : 'unknown'),
    });
  }
}

function isIdle(client: PoolClient): boolean {
  return client.getTransactionStatus() === 'I';
}
