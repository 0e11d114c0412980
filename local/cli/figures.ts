const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A whole number with its thousands set apart: `12,345`. */
export function formatCount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes in powers of 1000, three digits or fewer and one decimal: `712 B`, `5.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.95 would be shown as 1000.0.
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

export function formatSeconds(seconds: number): string {
  return seconds.toFixed(1);
}

/** `1 room`, `2 rooms`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time that is only roughly known: `45 s`, `12 min`, `3 h 20 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${formatCount(hours)} h` : `${formatCount(hours)} h ${rest} min`;
}

/** An amount that is only roughly known: `12.34 USD`, `under 0.01 USD`. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '0 USD';
  const [whole = '', cents = ''] = usd.toFixed(2).split('.');
  return usd < 0.01 ? 'under 0.01 USD' : `${formatCount(Number(whole))}.${cents} USD`;
}
