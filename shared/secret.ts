import { inspect } from 'node:util';

/** What stands wherever a secret was. */
export const MASK = '***';

/**
 * A value that must not be seen. Every way in which a value ends up in text by accident (a template, JSON, a log of the
 * settings, an assertion's message) gives `***`; only `reveal()`, called where the value is handed to a client, gives it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
