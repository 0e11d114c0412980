import type { SecretName, SecretSource } from '../../../shared/ports/secret-source';
import type { Secret } from '../../../shared/secret';

/** A source that answers as a test says, and knows what it was asked. */
export class AskedSource implements SecretSource {
  readonly asks: { readonly name: SecretName; readonly fresh: boolean }[] = [];

  constructor(
    private readonly answer: () => Secret | undefined | Promise<Secret | undefined>,
    readonly name = 'a source',
  ) {}

  async get(name: SecretName, { fresh = false } = {}): Promise<Secret | undefined> {
    this.asks.push({ name, fresh });
    return this.answer();
  }
}
