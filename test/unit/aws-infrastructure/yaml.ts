/** What YAML holds; a tag `!Sub x` is `{"Fn::Sub": x}`, as CloudFormation writes it in JSON. */
export type Yaml = string | number | boolean | null | readonly Yaml[] | { readonly [key: string]: Yaml };

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

const SHORT_TAGS: Readonly<Record<string, string>> = { Ref: 'Ref', Condition: 'Condition' };
const KEY = /^('[^']*'|[^'"{[!&*#-][^'"{[]*?|[A-Za-z][\w:.-]*):(?: (.*))?$/;

/**
 * The part of YAML that template.yaml and the workflows are written in: maps, lists, flow on one line, quoted and plain scalars, block text, tags.
 * No anchors and no aliases, which CloudFormation does not take. @throws Error with the line that is something else
 */
export function readYaml(text: string): Yaml {
  const lines = text
    .split('\n')
    .map((line, at) => ({ number: at + 1, indent: line.length - line.trimStart().length, text: line.trim() }));
  return new BlockReader(lines).read();
}

class BlockReader {
  readonly #lines: Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = [...lines];
  }

  read(): Yaml {
    const value = this.#block(0);
    const left = this.#next();
    if (left !== undefined) throw this.#error(left, 'is indented as nothing before it is');
    return value;
  }

  /** The next line that says something. */
  #next(): Line | undefined {
    while (this.#lines[this.#at]?.text === '' || this.#lines[this.#at]?.text.startsWith('#')) this.#at += 1;
    return this.#lines[this.#at];
  }

  #block(least: number): Yaml {
    const first = this.#next();
    if (first === undefined || first.indent < least) return null;
    if (first.text.startsWith('- ')) return this.#list(first.indent);
    if (KEY.test(first.text)) return this.#map(first.indent);
    this.#at += 1;
    return this.#value(first.text, first, first.indent);
  }

  #list(indent: number): Yaml[] {
    const items: Yaml[] = [];
    for (let line = this.#next(); line?.indent === indent && line.text.startsWith('- '); line = this.#next()) {
      const text = line.text.slice(2).trimStart();
      // The item begins where its text does, so that its other keys are in line with it.
      this.#lines[this.#at] = { ...line, text, indent: indent + line.text.length - text.length };
      items.push(this.#block(indent + 1));
    }
    return items;
  }

  #map(indent: number): Yaml {
    const map: Record<string, Yaml> = {};
    for (let line = this.#next(); line?.indent === indent; line = this.#next()) {
      const [, key = '', rest = ''] = KEY.exec(line.text) ?? [];
      if (key === '') throw this.#error(line, 'is no key');
      this.#at += 1;
      const name = key.replaceAll("'", '');
      if (Object.hasOwn(map, name)) throw this.#error(line, 'is there twice');
      map[name] = this.#value(rest.trim(), line, indent + 1);
    }
    return map;
  }

  /** What stands after a key, and what is indented below it. */
  #value(text: string, line: Line, least: number): Yaml {
    const [, tag, rest = ''] = /^!(\w+)(?: (.*))?$/.exec(text) ?? [];
    if (tag !== undefined) return tagged(tag, this.#value(rest, line, least));
    if (text === '') return this.#block(least);
    if (text === '|' || text === '>-') return this.#text(line.indent, text === '|' ? '\n' : ' ');
    const reader = new FlowReader(text);
    const value = reader.value(false);
    if (!reader.atEnd()) throw this.#error(line, 'goes on where it should end');
    return value;
  }

  #text(indent: number, separator: string): string {
    const texts: string[] = [];
    for (let line = this.#lines[this.#at]; line !== undefined; line = this.#lines[this.#at]) {
      if (line.text !== '' && line.indent <= indent) break;
      texts.push(line.text);
      this.#at += 1;
    }
    return texts.join(separator).trim();
  }

  #error({ number, text }: Line, problem: string): Error {
    return new Error(`Line ${number} ${problem}: ${text}`);
  }
}

/** A value on one line. */
class FlowReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  value(within: boolean): Yaml {
    const tag = this.#take(/!(\w+) ?/y)?.[1];
    if (tag !== undefined) return tagged(tag, this.value(within));
    if (this.#take(/\[\s*/y)) return this.#items(']', () => this.value(true));
    if (this.#take(/\{\s*/y)) return Object.fromEntries(this.#items('}', () => this.#entry()));
    const quoted = this.#take(/'((?:[^']|'')*)'|"((?:[^"\\])*)"/y);
    if (quoted) return (quoted[1] ?? quoted[2] ?? '').replaceAll("''", "'");
    if (/[&*]/.test(this.#text[this.#at] ?? '')) throw new Error(`An anchor or an alias: ${this.#text}`);
    return scalar(this.#take(within ? /[^,\]}]*/y : /.*/y)?.[0].trim() ?? '');
  }

  #entry(): [string, Yaml] {
    const [, single, plain] = this.#take(/(?:'([^']*)'|([^,{}[\]]+?)):\s+/y) ?? [];
    return [single ?? plain ?? '', this.value(true)];
  }

  #items<Item>(end: string, read: () => Item): Item[] {
    const items: Item[] = [];
    while (!this.#take(end === ']' ? /\s*\]/y : /\s*\}/y)) {
      if (items.length > 0 && !this.#take(/\s*,\s*/y)) throw new Error(`Expected ${end}: ${this.#text}`);
      items.push(read());
    }
    return items;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }
}

function tagged(tag: string, value: Yaml): Yaml {
  if (tag === 'GetAtt' && typeof value === 'string') return { 'Fn::GetAtt': value.split('.') };
  return { [SHORT_TAGS[tag] ?? `Fn::${tag}`]: value };
}

function scalar(text: string): Yaml {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === '' || text === 'null' ? null : text;
}
