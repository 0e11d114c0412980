import { type BatchError, DatabaseError, MetadataError, StorageError, YoutubeError } from '../../../shared/errors';
import type { Between } from '../../support/youtube-world';

type Port = keyof Between;

/**
 * - `dies`: the process is dead from that moment on, and of what it would do nothing happens any more
 * - `once`: that call fails with something transient
 * - `for good`: every such call fails from then on, with something that no retry helps
 */
export type End = 'dies' | 'once' | 'for good';

/** A moment of a run: right before a call of a port, or right after it has had its effect, when its answer is not known yet. */
export interface Moment {
  /** As `output.write before` or `output.write after`. */
  readonly name: string;
  /** Which of those of the name, from 1. */
  readonly number: number;
}

/** Stands between a sync and its ports, notes every moment, and lets something go wrong at one of them. */
export class Mortality {
  readonly moments: Moment[] = [];
  readonly #end: { readonly end: End; readonly at: Moment } | undefined;
  #struck = false;

  constructor(end?: End, at?: Moment) {
    this.#end = end === undefined || at === undefined ? undefined : { end, at };
  }

  /** Whether the moment has come. */
  get struck(): boolean {
    return this.#struck;
  }

  between(): Between {
    return {
      api: (port) => this.#watched('api', port),
      output: (port) => this.#watched('output', port),
      metadata: (port) => this.#watched('metadata', port),
      database: (port) => this.#watched('database', port),
    };
  }

  #pass(port: Port, name: string): void {
    const { end, at } = this.#end ?? {};
    if (this.#struck && end === 'dies') throw new Error('A dead process has made a call.');
    const number = this.moments.filter((moment) => moment.name === name).length + 1;
    this.moments.push({ name, number });
    if (at?.name !== name || (end === 'for good' ? number < at.number : number !== at.number)) return;
    this.#struck = true;
    throw end === 'dies' ? new Error(`The process died: ${name}.`) : failureOf(port, end === 'once');
  }

  #watched<P extends object>(name: Port, port: P): P {
    return new Proxy(port, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method, target);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          this.#pass(name, `${name}.${String(method)} before`);
          const result: unknown = await Reflect.apply(value, target, given);
          this.#pass(name, `${name}.${String(method)} after`);
          return result;
        };
      },
    });
  }
}

function failureOf(port: Port, transient: boolean): BatchError {
  const message = 'The test wanted it so.';
  switch (port) {
    case 'api':
      return transient
        ? new YoutubeError(message, { code: 'youtube_connection_lost', kind: 'transient' })
        : new YoutubeError(message, { code: 'youtube_access_denied', kind: 'configuration' });
    case 'output':
      return transient
        ? new StorageError(message, { code: 'storage_connection_lost', kind: 'transient' })
        : new StorageError(message, { code: 'access_denied', kind: 'configuration' });
    case 'metadata':
      return transient
        ? new MetadataError(message, { code: 'metadata_connection_lost', kind: 'transient' })
        : new MetadataError(message, { code: 'metadata_access_denied', kind: 'configuration' });
    case 'database':
      return transient
        ? new DatabaseError(message, { code: 'database_unavailable', kind: 'transient' })
        : new DatabaseError(message, { code: 'database_access_denied', kind: 'configuration' });
  }
}

/** Of the moments of each name, the one in the middle. */
export function oneOfEach(moments: readonly Moment[]): Moment[] {
  const counts = new Map<string, number>();
  for (const { name } of moments) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, number: Math.ceil(count / 2) }));
}
