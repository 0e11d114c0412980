import { isAbsent } from './contract-fields';
import { fieldSources } from './json-fields';

/** Fields whose values, all of them, stand in columns. */
const COLUMN_FIELDS = new Set([
  ...['message_id', 'user_id', 'room_id', 'timestamp', 'role', 'content'],
  ...['context', 'attachments', 'generated_images', 'agent_info'],
]);
/** Known fields that are kept in `extra` where they have no column: they are no drift. */
const KNOWN_WITHOUT_COLUMN = new Set(['crawl_sources', 'tenant_id', 'id', 'images']);
const KNOWN_AGENT_FIELDS = new Set(['mode', 'execution_time_ms', 'tokens_used']);

const NONE: readonly string[] = [];

type Fields = Readonly<Record<string, unknown>>;

/** Under which of their two names the id and the images stand in a body, and its `agent_info`. */
export interface Spelling {
  readonly idField: 'message_id' | 'id';
  readonly imagesField: 'generated_images' | 'images';
  readonly agent: Fields | undefined;
}

/** What of a body is kept as JSON text: the columns that hold it, and the fields that have no column. */
export class KeptFields {
  /** Names of fields that the contract does not know; a part of `agent_info` as `agent_info.name`. */
  readonly unknown: readonly string[] = NONE;
  private readonly extraNames: readonly string[] = NONE;
  private sources: ReturnType<typeof fieldSources> | undefined;

  /** @param text the JSON text that `fields` was parsed from */
  constructor(
    private readonly fields: Fields,
    private readonly text: string,
    { idField, imagesField, agent }: Spelling,
  ) {
    const others = namesBeside(COLUMN_FIELDS, fields);
    const unknownOfAgent = agent === undefined ? NONE : namesBeside(KNOWN_AGENT_FIELDS, agent);
    if (others.length + unknownOfAgent.length === 0) return;

    const inColumns = (name: string) => name === imagesField || (name === 'id' && fields.id === fields[idField]);
    const withoutColumn = others.filter((name) => !inColumns(name));
    if (withoutColumn.length + unknownOfAgent.length === 0) return;

    this.extraNames = unknownOfAgent.length > 0 ? [...withoutColumn, 'agent_info'] : withoutColumn;
    this.unknown = [
      ...withoutColumn.filter((name) => !KNOWN_WITHOUT_COLUMN.has(name)),
      ...unknownOfAgent.map((name) => `agent_info.${name}`),
    ].map((name) => name.toWellFormed());
  }

  /** The field's JSON text, or null where it is absent or null. */
  source(name: string): string | null {
    return isAbsent(this.fields[name]) ? null : this.sourceOf(name).value;
  }

  /** The fields without a column as one object's JSON text, or null where there are none. */
  extra(): string | null {
    if (this.extraNames.length === 0) return null;
    const members = this.extraNames.map((name) => this.sourceOf(name)).map(({ name, value }) => `${name}:${value}`);
    return `{${members.join(',')}}`;
  }

  private sourceOf(field: string): { readonly name: string; readonly value: string } {
    this.sources ??= fieldSources(this.text);
    const source = this.sources.get(field);
    if (source === undefined) throw new TypeError('A field of a parsed object has no source text.');
    return source;
  }
}

/** The fields of a message that the contract does not know, by its column `extra`, as {@link KeptFields} found them. */
export function unknownFieldsOf(extra: string | null): string[] {
  const { agent_info: agent, ...fields } = JSON.parse(extra ?? '{}') as Fields;
  const ofAgent = agent === undefined ? NONE : namesBeside(KNOWN_AGENT_FIELDS, agent as Fields);
  const names = [...namesBeside(KNOWN_WITHOUT_COLUMN, fields), ...ofAgent.map((name) => `agent_info.${name}`)];
  return names.map((name) => name.toWellFormed());
}

/** The names of an object's own fields that are not among the known ones: of most objects, none. */
function namesBeside(known: ReadonlySet<string>, fields: Fields): readonly string[] {
  let others: string[] | undefined;
  for (const name of Object.keys(fields)) {
    if (known.has(name)) continue;
    others ??= [];
    others.push(name);
  }
  return others ?? NONE;
}
