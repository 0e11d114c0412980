/** `PT1H2M3S`, from a day on `P1DT2H3M4S`, as the API writes a duration; 0 is `PT0S`. */
export function isoDuration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const time = [
    [Math.floor((seconds % 86_400) / 3600), 'H'],
    [Math.floor((seconds % 3600) / 60), 'M'],
    [seconds % 60, 'S'],
  ] as const;
  const parts = time.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  if (days === 0) return `PT${parts.join('') || '0S'}`;
  return `P${days}D${parts.length > 0 ? `T${parts.join('')}` : ''}`;
}
