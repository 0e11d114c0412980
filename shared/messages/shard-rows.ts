import { epochDay, HourOfDay } from '../calendar';
import { PartWriter } from '../parquet/part-writer';
import type { Message } from './contract';
import type { DatasetName } from './datasets';
import { DATASETS, datasetOfVersion, SCHEMA_VERSION } from './datasets';
import type { PlannedRoom, ShardPlan } from './day-plan';
import type { ExportContext } from './export-context';
import type { PartRef } from './manifest';
import { messageRow } from './message-row';
import { PartSeries } from './part-series';
import { addTally, countMessage, emptyTally, type Tally, tallyColumns } from './tally';
import { uploadPart } from './upload';

/** What a shard knows of a user that other shards have rooms of too. */
export interface DividedUser {
  readonly user: string;
  readonly rooms: number;
  readonly tally: Tally;
}

/** The datasets that a shard writes a part of. */
export type ShardDataset = Exclude<DatasetName, 'summary'>;

/** Messages may fill several parts, rooms and users one; none where there is no row. */
export type ShardParts = Readonly<Record<ShardDataset, readonly PartRef[]>>;

/** What takes a dataset's rows, as {@link PartSeries} does. */
export type RowSeries = Pick<PartSeries, 'append' | 'finish' | 'discard'>;

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
    private readonly series: Readonly<Record<ShardDataset, RowSeries>>,
  ) {
    this.businessDate = epochDay(context.day.date);
    this.hours = new HourOfDay(context.day);
  }

  /** Rows for something else than parts. */
  static over(
    context: ExportContext,
    { dividedUsers }: Pick<ShardPlan, 'dividedUsers'>,
    series: Readonly<Record<ShardDataset, RowSeries>>,
  ): ShardRows {
    return new ShardRows(context, new Set(dividedUsers), series);
  }

  /** @param folder a local folder of the shard's own for the parts in the making */
  static async open(
    context: ExportContext,
    { shard, dividedUsers }: Pick<ShardPlan, 'shard' | 'dividedUsers'>,
    folder: string,
  ): Promise<ShardRows> {
    const open = (dataset: ShardDataset) =>
      PartSeries.open({
        open: () => openPart(context, dataset, folder),
        upload: (writer) => uploadPart(context, dataset, shard, writer),
        partBytes: context.options.partLimits?.partBytes,
      });
    const series = { messages: await open('messages'), rooms: await open('rooms'), users: await open('users') };
    return new ShardRows(context, new Set(dividedUsers), series);
  }

  async add(room: PlannedRoom, message: Message): Promise<void> {
    if (this.room?.id !== room) await this.endRoom();
    if (this.user?.id !== room.user) await this.endUser();
    this.room ??= { id: room, tally: emptyTally() };
    this.user ??= { id: room.user, rooms: 0, tally: emptyTally() };
    countMessage(this.room.tally, message);
    const hour = this.hours.at(message.placedMs);
    await this.series.messages.append(messageRow(this.context.tenant, this.businessDate, hour, message));
  }

  /** Ends the rows, and brings the last parts to the store. @throws what {@link uploadPart} throws */
  async finish(): Promise<ShardParts> {
    await this.endRoom();
    await this.endUser();
    return {
      messages: await this.series.messages.finish(),
      rooms: await this.series.rooms.finish(),
      users: await this.series.users.finish(),
    };
  }

  async discard(): Promise<void> {
    await Promise.all(Object.values(this.series).map((series) => series.discard()));
  }

  private async endRoom(): Promise<void> {
    if (this.room === undefined || this.user === undefined) return;
    const { id, tally } = this.room;
    this.room = undefined;
    this.rooms += 1;
    this.user.rooms += 1;
    addTally(this.user.tally, tally);
    addTally(this.totals, tally);
    await this.series.rooms.append([this.context.tenant, id.user, id.room, id.title, ...tallyColumns(tally)]);
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
    await this.series.users.append([this.context.tenant, user, rooms, ...tallyColumns(tally)]);
  }
}

/** @param version of the schema: a part of an earlier one is written again with the columns that it had */
export async function openPart(
  { options }: ExportContext,
  dataset: DatasetName,
  folder: string,
  version: number = SCHEMA_VERSION,
): Promise<PartWriter> {
  const { parquetEncoder, encoder, compression, partLimits } = options;
  const schema = datasetOfVersion(DATASETS[dataset], version);
  return PartWriter.open({ ...partLimits, encoder: parquetEncoder ?? encoder, compression, schema, directory: folder });
}
