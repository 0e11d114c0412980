/**
 * Names and texts within statements. What is quoted here is made safe by its quotes alone; addresses and tenant ids are also held to letters
 * that no engine gives a meaning to (see location.ts, and the rules of tenant ids).
 */

/** Athena and Databricks. */
export function backticked(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Synapse and Fabric. */
export function bracketed(name: string): string {
  return `[${name.replaceAll(']', ']]')}]`;
}

/** Standard SQL, and DuckDB. */
export function doubleQuoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
