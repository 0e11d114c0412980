import type { TextKey } from '../texts/english';
import { sumOf } from '../views/overview';
import type { Frame } from './frame';
import { type Html, html } from './html';

/** A bar for a day: nothing where there is no value, and marked where the day failed. */
export interface DayBar {
  readonly date: string;
  readonly value: number | undefined;
  readonly isTroubled?: boolean;
}

export interface BarsOptions {
  readonly caption: string;
  readonly bars: readonly DayBar[];
  readonly tell: (value: number) => string;
  /** The sum of the bars means something. */
  readonly sums: boolean;
  /** A line at this value. */
  readonly limit?: number;
}

const STEP = 10;
const HEIGHT = 100;
/** A value that is there is seen, however small. */
const LEAST = 1.5;

/** Days as bars. All of it is told in words too. */
export function barChart({ words }: Frame, { caption, bars, tell, sums, limit }: BarsOptions): Html {
  const values = bars.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const most = Math.max(0, ...values);
  const first = bars[0]?.date;
  const last = bars.at(-1)?.date;
  if (values.length === 0 || first === undefined || last === undefined) {
    return html`<figure><figcaption>${caption}</figcaption><p class="note">${words.text('chart_empty')}</p></figure>`;
  }
  const top = Math.max(most, limit ?? 0) || 1;
  const range: TextKey = sums ? 'chart_range' : 'chart_range_most';
  const said = words.text(range, {
    from: words.date(first),
    to: words.date(last),
    most: tell(most),
    sum: tell(sumOf(values)),
  });
  const width = Math.max(bars.length, 14) * STEP;
  return html`<figure><figcaption>${caption}</figcaption><div class="ends"><span>${tell(top)}</span></div>
<svg class="plot" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${caption}: ${said}">${bars.map(
    ({ date, value, isTroubled }, index) => {
      if (value === undefined) {
        return (
          isTroubled === true &&
          html`<rect class="x" x="${index * STEP + 3}" y="${HEIGHT - 6}" width="4" height="6"><title>${words.date(date)}</title></rect>`
        );
      }
      const height = value === 0 ? 0 : Math.max(LEAST, (value / top) * HEIGHT);
      return html`<rect x="${index * STEP + 1}" y="${fixed(HEIGHT - height)}" width="${STEP - 2}" height="${fixed(height)}"><title>${words.date(date)}: ${tell(value)}</title></rect>`;
    },
  )}${
    limit !== undefined &&
    html`<line class="lim" x1="0" x2="${width}" y1="${fixed(HEIGHT - (limit / top) * HEIGHT)}" y2="${fixed(HEIGHT - (limit / top) * HEIGHT)}"/>`
  }</svg><div class="ends"><span>${words.shortDate(first)}</span><span>${words.shortDate(last)}</span></div><p class="note">${said}</p></figure>`;
}

function fixed(value: number): number {
  return Math.round(value * 10) / 10;
}
