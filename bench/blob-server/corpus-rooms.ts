import { createHash } from 'node:crypto';
import { messagesPrefix, type RoomId } from '../../shared/messages/message-key';
import { type CorpusShape, usersOf } from './corpus-shape';

export interface CorpusRoom extends RoomId {
  readonly index: number;
  /** Of the keys of its messages. */
  readonly prefix: string;
}

/** The rooms of a corpus by their index; those of a user follow one another. */
export function corpusRooms(shape: CorpusShape): CorpusRoom[] {
  return Array.from({ length: shape.rooms }, (_, index) => {
    const id = { user: userName(userOf(shape, index)), room: `room-${digestOf(String(index)).slice(0, 12)}` };
    return { ...id, index, prefix: messagesPrefix(shape.tenant, id) };
  });
}

export function userName(user: number): string {
  return `user-${String(user).padStart(6, '0')}`;
}

/** Whose room it is: with a skew the first rooms are all the first user's. */
function userOf(shape: CorpusShape, index: number): number {
  const { rooms, skew } = shape;
  const users = usersOf(shape);
  if (skew === undefined || users === 1) return Math.floor((index * users) / rooms);
  const ofFirst = Math.round(rooms * skew);
  return index < ofFirst ? 0 : 1 + Math.floor(((index - ofFirst) * (users - 1)) / (rooms - ofFirst));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
