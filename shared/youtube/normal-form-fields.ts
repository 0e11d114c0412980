import { Temporal } from 'temporal-polyfill';
import type { Thumbnails } from '../ports/youtube-api';

/** The API's names of image sizes with their usual widths in pixels, best first (developers.google.com/youtube/v3/docs/thumbnails). */
const KNOWN_WIDTHS: ReadonlyMap<string, number> = new Map([
  ['maxres', 1280],
  ['standard', 640],
  ['high', 480],
  ['medium', 320],
  ['default', 120],
]);
const KNOWN_SIZES = [...KNOWN_WIDTHS.keys()];

/** The years that ISO 8601 writes with four digits and PostgreSQL has: it knows no year 0. */
const FIRST_INSTANT = Temporal.Instant.from('0001-01-01T00:00:00Z');
const LAST_INSTANT = Temporal.Instant.from('9999-12-31T23:59:59.999999Z');

/**
 * The URL of the widest image. One that does not say how wide it is counts as its size's name promises.
 *
 * @returns null where there is none
 */
export function bestThumbnail(thumbnails: Thumbnails | null | undefined): string | null {
  const images = Object.entries(thumbnails ?? {}).flatMap(([size, image]) =>
    image?.url ? [{ size, url: image.url, width: image.width ?? KNOWN_WIDTHS.get(size) ?? 0 }] : [],
  );
  images.sort((a, b) => b.width - a.width || rankOf(a.size) - rankOf(b.size));
  return images[0]?.url ?? null;
}

function rankOf(size: string): number {
  const rank = KNOWN_SIZES.indexOf(size);
  return rank < 0 ? KNOWN_SIZES.length : rank;
}

/**
 * A count from its decimal text.
 *
 * @returns null where it is missing, and where it is no whole number or one that a double cannot hold exactly (above 2^53 − 1)
 */
export function countOf(text: string | null | undefined): number | null {
  if (!text || !/^\d+$/.test(text)) return null;
  const count = Number(text);
  return Number.isSafeInteger(count) ? count : null;
}

/**
 * An instant in ISO 8601 UTC with as many digits of a second as it has, at most six, as PostgreSQL keeps no more:
 * `2025-08-08T12:00:17Z`.
 *
 * @param text ISO 8601 with its zone
 * @returns null where it is missing, no instant, or outside of the years 1 to 9999
 */
export function instantOf(text: string | null | undefined): string | null {
  if (!text) return null;
  try {
    const instant = Temporal.Instant.from(text).round({ smallestUnit: 'microsecond', roundingMode: 'trunc' });
    const compare = Temporal.Instant.compare;
    return compare(instant, FIRST_INSTANT) < 0 || compare(instant, LAST_INSTANT) > 0 ? null : instant.toString();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A handle with exactly one `@`. @returns null where it is missing or nothing but `@` */
export function handleOf(customUrl: string | null | undefined): string | null {
  const name = (customUrl ?? '').trim().replace(/^@+/u, '');
  return name === '' ? null : `@${name}`;
}
