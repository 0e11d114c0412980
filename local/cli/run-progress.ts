import type { TenantReport } from '../../shared/batch/report';
import type { BatchRequest, Job } from '../../shared/batch/request';
import {
  type ResolvedRun,
  type StepCall,
  type StepName,
  type StepResult,
  type Steps,
  tenantDays,
} from '../../shared/batch/steps';
import { formatCount, plural } from './figures';
import type { ProgressDisplay } from './terminal';

/** Tells how a run is getting on, from what its engine reports: steps and tenants that have ended. */
export class RunProgress {
  readonly #display: ProgressDisplay;
  readonly #job: Job;
  readonly #title: string;
  #tenants = 0;
  #ended = 0;
  #shards = 0;
  #shardsEnded = 0;
  #messages = 0;
  #channels = 0;
  #channelsEnded = 0;
  #videos = 0;

  constructor(display: ProgressDisplay, { job, date }: Pick<BatchRequest, 'job' | 'date'>) {
    this.#display = display;
    this.#job = job;
    this.#title = `${job} of ${date}`;
  }

  /** @param result undefined where the step is about to be tried */
  onStep(call: StepCall, result: StepResult | undefined): void {
    if (result !== undefined && !result.ok) {
      this.#display.step(`${this.#title}: ${call.name}${whose(call)} failed (${result.failure.code})`);
    } else if (result !== undefined) {
      this.#stepEnded(call, result.value);
    }
    this.#show();
  }

  #stepEnded(call: StepCall, value: unknown): void {
    switch (call.name) {
      case 'resolveRun': {
        const run = value as ResolvedRun;
        const { refused } = run;
        this.#tenants = tenantDays(run).length;
        const without = refused.length === 0 ? '' : `, ${refused.length} refused`;
        this.#display.step(`${this.#title}: ${plural(this.#tenants, 'tenant')}${without}`);
        break;
      }
      case 'surveyDays': {
        const { missing } = outputOf<'surveyDays'>(value);
        if (missing.length === 0) break;
        const days = `${plural(missing.length, 'day')} to be made up for, from ${missing[0]}`;
        this.#display.step(`${this.#title}:${whose(call)} ${days}`);
        break;
      }
      case 'planExport': {
        const { shards, rooms } = outputOf<'planExport'>(value);
        this.#shards += shards.length;
        const planned = `${plural(rooms.planned, 'room')} in ${plural(shards.length, 'shard')}`;
        this.#display.step(`${this.#title}:${whose(call)} planned, ${planned}`);
        break;
      }
      case 'exportShard': {
        const { shard, exported, reused } = outputOf<'exportShard'>(value);
        this.#shardsEnded += 1;
        this.#messages += exported;
        const how = reused ? 'unchanged' : 'exported';
        this.#display.step(`${this.#title}:${whose(call)} shard ${shard} ${how}, ${plural(exported, 'message')}`);
        break;
      }
      case 'fetchChannel':
      case 'fetchVideo': {
        const { videos, units } = outputOf<'fetchChannel'>(value);
        this.#channelsEnded += 1;
        this.#videos += videos;
        const { input } = call;
        const what = 'channel' in input ? input.channel : 'video' in input ? input.video : '';
        const read = `${plural(videos, 'video')} for ${plural(units, 'unit')}`;
        this.#display.step(`${this.#title}:${whose(call)} ${what} read, ${read}`);
        break;
      }
      case 'planSync': {
        const { channels } = outputOf<'planSync'>(value);
        this.#channels += channels.length;
        break;
      }
      case 'loadSync': {
        const { rowsWritten } = outputOf<'loadSync'>(value);
        this.#display.step(`${this.#title}:${whose(call)} loaded, ${plural(rowsWritten, 'row')} written`);
        break;
      }
      case 'pruneSync': {
        const { videos, channels } = outputOf<'pruneSync'>(value);
        if (videos + channels === 0) break;
        const what = `${plural(videos, 'video')} and ${plural(channels, 'channel')}`;
        this.#display.step(`${this.#title}:${whose(call)} ${what} deleted that no sync has read again`);
        break;
      }
      default:
        break;
    }
  }

  onTenant({ tenant, status }: TenantReport): void {
    this.#ended += 1;
    this.#display.step(`${this.#title}: ${tenant} ${status} (${this.#ended} of ${this.#tenants})`);
    this.#show();
  }

  #show(): void {
    const work =
      this.#job === 'export'
        ? [`shards ${this.#shardsEnded}/${this.#shards}`, `messages ${formatCount(this.#messages)}`]
        : [`channels ${this.#channelsEnded}/${this.#channels}`, `videos ${formatCount(this.#videos)}`];
    const counts = [`tenants ${this.#ended}/${this.#tenants}`, ...work];
    this.#display.show(`${this.#title}  ${counts.join('  ')}`);
  }
}

function outputOf<Name extends StepName>(value: unknown): Steps[Name]['output'] {
  return value as Steps[Name]['output'];
}

function whose({ input }: StepCall): string {
  return 'tenant' in input ? ` ${input.tenant}` : '';
}
