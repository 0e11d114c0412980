import { epochDay, HourOfDay } from '../calendar';
import { PartWriter } from '../parquet/part-writer';
import type { Message } from './contract';
import type { DatasetName } from './datasets';
import { DATASETS } from './datasets';
import type { PlannedRoom } from './day-plan';
import type { ExportContext } from './export-context';
import { messageRow } from './message-row';
import { addTally, countMessage, emptyTally, type Tally, tallyColumns } from './tally';

/** What a shard knows of a user that other shards have rooms of too. */
export interface DividedUser {
  readonly user: string;
  readonly rooms: number;
  readonly tally: Tally;
}

/** The datasets that a shard writes a part of. */
export const SHARD_DATASETS = ['messages', 'rooms', 'users'] as const satisfies readonly DatasetName[];

type ShardDataset = (typeof SHARD_DATASETS)[number];

/**
 * Turns a shard's messages, in key order, into the rows of three datasets. A room's and a user's messages follow one another in
 * that order, so one room and one user are counted at a time, and memory does not grow with the shard.
 */
export class ShardRows {
  readonly totals = emptyTally();
  readonly dividedUsers: DividedUser[] = [];
  /** Rooms with a message, and users with one, those of {@link dividedUsers} not among them. */
  rooms = 0;
  users = 0;

  private room: { readonly id: PlannedRoom; readonly tally: Tally } | undefined;
  private user: { readonly id: string; rooms: number; readonly tally: Tally } | undefined;
  private readonly businessDate: number;
  private readonly hours: HourOfDay;

  private constructor(
    private readonly context: ExportContext,
    private readonly divided: ReadonlySet<string>,
    private readonly writers: Readonly<Record<ShardDataset, PartWriter>>,
  ) {
    this.businessDate = epochDay(context.day.date);
    this.hours = new HourOfDay(context.day);
  }

  /** @param folder a local folder of the shard's own for the parts in the making */
  static async open(context: ExportContext, dividedUsers: readonly string[], folder: string): Promise<ShardRows> {
    const writers = {
      messages: await openPart(context, 'messages', folder),
      rooms: await openPart(context, 'rooms', folder),
      users: await openPart(context, 'users', folder),
    };
    return new ShardRows(context, new Set(dividedUsers), writers);
  }

  async add(room: PlannedRoom, message: Message): Promise<void> {
    if (this.room?.id !== room) await this.endRoom();
    if (this.user?.id !== room.user) await this.endUser();
    this.room ??= { id: room, tally: emptyTally() };
    this.user ??= { id: room.user, rooms: 0, tally: emptyTally() };
    countMessage(this.room.tally, message);
    const hour = this.hours.at(message.placedMs);
    await this.writers.messages.append(messageRow(this.context.tenant, this.businessDate, hour, message));
  }

  /** Ends the rows. @returns the writers, for their parts to be finished */
  async end(): Promise<Readonly<Record<ShardDataset, PartWriter>>> {
    await this.endRoom();
    await this.endUser();
    return this.writers;
  }

  async discard(): Promise<void> {
    await Promise.all(Object.values(this.writers).map((writer) => writer.discard()));
  }

  private async endRoom(): Promise<void> {
    if (this.room === undefined || this.user === undefined) return;
    const { id, tally } = this.room;
    this.room = undefined;
    this.rooms += 1;
    this.user.rooms += 1;
    addTally(this.user.tally, tally);
    addTally(this.totals, tally);
    await this.writers.rooms.append([this.context.tenant, id.user, id.room, id.title, ...tallyColumns(tally)]);
  }

  private async endUser(): Promise<void> {
    if (this.user === undefined) return;
    const { id: user, rooms, tally } = this.user;
    this.user = undefined;
    if (this.divided.has(user)) {
      this.dividedUsers.push({ user, rooms, tally });
      return;
    }
    this.users += 1;
    await this.writers.users.append([this.context.tenant, user, rooms, ...tallyColumns(tally)]);
  }
}

export async function openPart({ options }: ExportContext, dataset: DatasetName, folder: string): Promise<PartWriter> {
  const { encoder, compression } = options;
  return PartWriter.open({ encoder, compression, schema: DATASETS[dataset], directory: folder });
}
