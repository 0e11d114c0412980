/** What a made tenant holds: every room has the same number of messages a day, spread over the day. */
export interface CorpusShape {
  readonly tenant: string;
  /** The business date, in Asia/Tokyo: two UTC folders. */
  readonly date: string;
  readonly rooms: number;
  /** On average; 4 if not given. */
  readonly roomsPerUser?: number;
  /** Of one business day. */
  readonly messagesPerRoom: number;
  /** Of a message's JSON, on average. */
  readonly bodyBytes: number;
  /** Bodies have up to this share of the average more or less, and {@link LEAST_BODY_BYTES} at least; 0 if not given. */
  readonly bodySpread?: number;
  /** The share of all rooms that one user has, 0 to below 1; the others share the rest evenly. */
  readonly skew?: number;
  /** Business days before and after that hold as many messages, in the same rooms; 0 if not given. */
  readonly daysBefore?: number;
  readonly daysAfter?: number;
}

/** What the fields of a message take that has all of them. */
export const LEAST_BODY_BYTES = 448;

/** All messages of the business date. */
export function messagesOfDay({ rooms, messagesPerRoom }: CorpusShape): number {
  return rooms * messagesPerRoom;
}

/** Business days with messages. */
export function daysOf({ daysBefore = 0, daysAfter = 0 }: CorpusShape): number {
  return daysBefore + 1 + daysAfter;
}

export function usersOf({ rooms, roomsPerUser = 4 }: CorpusShape): number {
  return Math.ceil(rooms / roomsPerUser);
}
