import type { InspectedMessage } from '../../shared/operations/quarantine/inspect-message';
import { type MessagePlace, messageText } from '../../shared/operations/quarantine/message-place';
import { formatCount, plural } from './figures';
import { harmless, harmlessLines } from './harmless-text';
import { excerptLines } from './message-excerpt';

/** UTF-16 units of a message that are shown. */
export const SHOWN_CHARACTERS = 4000;

/** A message as it is in storage, what a published day says of it, and the place that broke it. */
export function shownMessageLines(tenant: string, key: string, message: InspectedMessage): string[] {
  const { current, place } = message;
  const text = current?.body === undefined ? undefined : messageText(current.body);
  return [
    `${tenant} on ${message.date}`,
    `  key             ${harmless(key)}`,
    `  quarantine      ${quarantineWords(message)}`,
    `  in storage      ${storageWords(message)}`,
    `  today           ${todayWords(message)}`,
    ...(message.repair === undefined ? [] : [`  corrected copy  ${repairWords(message.repair)}`]),
    ...(place === undefined ? [] : [`  place           ${placeLine(place)}`, '', ...excerptOf(text, place)]),
    ...(text === undefined ? [] : ['', ...textLines(text)]),
  ];
}

function quarantineWords({ line, published, repair, date }: InspectedMessage): string {
  if (line !== undefined) return `${line.reason}: ${harmless(line.detail)}`;
  if (!published) return `the day ${date} was never published`;
  return repair?.applies === true ? 'no longer: its corrected copy stands in its place' : 'it is not in it';
}

function storageWords({ current, unchanged }: InspectedMessage): string {
  if (current === undefined) return 'it is gone';
  const since =
    unchanged === undefined ? '' : unchanged ? ', the version that was quarantined' : ', another version since';
  return `${plural(current.size, 'byte')}, etag ${harmless(current.etag)}${since}`;
}

function todayWords({ current, line, date }: InspectedMessage): string {
  if (current === undefined) return 'there is nothing to judge';
  const { today } = current;
  switch (today.verdict) {
    case 'valid':
      return `the contract takes it${line === undefined ? '' : ': "quarantine replay" takes it in'}`;
    case 'outside':
      return `the contract puts it into another day than ${date}`;
    case 'quarantined':
      return `${today.reason}: ${harmless(today.detail)}`;
  }
}

function repairWords({ applies, sha256 }: NonNullable<InspectedMessage['repair']>): string {
  const words = applies ? 'stands in its place' : 'passed over: it is of another version of the message';
  return `${words} (SHA-256 ${sha256.slice(0, 16)}…)`;
}

function placeLine({ field, line, column, expected, byte, hex }: MessagePlace): string {
  if (byte !== undefined) return `byte ${formatCount(byte)}, counted from 0: ${hex}`;
  const at = line === undefined ? 'it is not there' : `line ${line}, column ${column}`;
  if (field !== undefined) return `${field}: ${at}`;
  return expected === undefined ? at : `${at}: expected ${expected}`;
}

function excerptOf(text: string | undefined, place: MessagePlace): string[] {
  return text === undefined ? [] : excerptLines(text, place);
}

function textLines(text: string): string[] {
  const rest = text.length - SHOWN_CHARACTERS;
  const more = rest > 0 ? [`… and ${plural(rest, 'character')} more: --save writes all of it to a file`] : [];
  return ['The message:', ...harmlessLines(text.slice(0, SHOWN_CHARACTERS)).map((line) => `  ${line}`), ...more];
}
