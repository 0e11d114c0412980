import type { Secret } from '../secret';

/** The secrets that the batch may need, by the names of their settings. */
export type SecretName = 'YOUTUBE_API_KEY' | 'DB_PASSWORD';

/** Where secrets are kept. */
export interface SecretSource {
  /** What this source is, for people; never a secret. */
  readonly name: string;

  /**
   * The secret, or undefined where this source has none of that name. A source may keep an answer for a while; `fresh` asks again.
   *
   * @throws SecretError
   */
  get(name: SecretName, options?: { readonly fresh?: boolean }): Promise<Secret | undefined>;
}
