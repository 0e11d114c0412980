/** The decimal digit at a place of a text; NaN where there is none, so that no comparison with what is made of it holds. */
export function digitAt(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

/** The number that two digits at a place of a text make; NaN where one of them is none. */
export function twoDigitsAt(text: string, at: number): number {
  return digitAt(text, at) * 10 + digitAt(text, at + 1);
}
