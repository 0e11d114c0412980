import type { Frame } from './frame';
import { type Html, html } from './html';

export interface GrowthLineOptions {
  readonly caption: string;
  readonly from: string;
  readonly to: string;
  /** By date; days without a value are passed over. */
  readonly points: readonly { readonly date: string; readonly value: number }[];
}

const STEP = 10;
const HEIGHT = 100;
/** Room above and below the line. */
const MARGIN = 6;

/** A count over days, between its least and its most: of a large catalogue, growth would not be seen from zero on. */
export function growthLine({ words }: Frame, { caption, from, to, points }: GrowthLineOptions): Html {
  if (points.length === 0) {
    return html`<figure><figcaption>${caption}</figcaption><p class="note">${words.text('chart_empty')}</p></figure>`;
  }
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const days = (date: string) => (Date.parse(date) - Date.parse(from)) / 86_400_000;
  const width = Math.max(1, days(to)) * STEP;
  const height = (value: number) =>
    most === least ? HEIGHT / 2 : HEIGHT - MARGIN - ((value - least) / (most - least)) * (HEIGHT - 2 * MARGIN);
  const at = ({ date, value }: (typeof points)[number]) =>
    `${days(date) * STEP},${Math.round(height(value) * 10) / 10}`;
  // A single point is drawn as a short line.
  const path =
    points.length === 1
      ? points.flatMap((point) => [at(point), at(point).replace(/^[^,]+/, String(days(point.date) * STEP + 4))])
      : points.map(at);
  const said = words.text('growth_range', {
    from: words.date(from),
    to: words.date(to),
    least: words.count(least),
    most: words.count(most),
  });
  return html`<figure><figcaption>${caption}</figcaption><div class="ends"><span>${words.count(most)}</span></div>
<svg class="plot" viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${caption}: ${said}"><polyline points="${path.join(' ')}"/></svg><div class="ends"><span>${words.count(least)}</span></div><div class="ends"><span>${words.shortDate(from)}</span><span>${words.shortDate(to)}</span></div><p class="note">${said}</p></figure>`;
}
