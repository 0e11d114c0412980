import type { Column } from '../../parquet/schema';
import { ENGINE_TYPES, type Engine } from './engines';
import { textKind } from './text-kinds';

/** A column's type as the engine names it. */
export function engineType(engine: Engine, { name, type }: Pick<Column, 'name' | 'type'>): string {
  return ENGINE_TYPES[engine][type === 'string' || type === 'json' ? textKind(name) : type];
}

/** `name type` of every column, the names quoted as given. */
export function columnList(
  engine: Engine,
  columns: readonly Pick<Column, 'name' | 'type'>[],
  quote: (name: string) => string,
): string[] {
  return columns.map((column) => `${quote(column.name)} ${engineType(engine, column)}`);
}
