/** Where a text stops being JSON. */
export interface JsonProblem {
  /** In UTF-16 units from the text's start; the text's length where it ends too early. */
  readonly offset: number;
  readonly expected: string;
}

/** A piece of a text, in UTF-16 units: from `start`, up to but not including `end`. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

interface Open {
  readonly closing: '}' | ']';
  readonly start: number;
  /** Of the member being read; an array has none. */
  name: string | undefined;
}

/**
 * Where a text stops being JSON, in words that tell what should stand there; undefined where JSON.parse takes it. JSON.parse itself says it
 * in words that quote the text and differ between versions of Node.
 */
export function jsonProblem(text: string): JsonProblem | undefined {
  return new JsonScan(text, () => undefined).run();
}

/** Where the value of a field stands. @param path names from the outermost object on; of a name written twice the last counts */
export function jsonValueAt(text: string, path: readonly string[]): TextSpan | undefined {
  let found: TextSpan | undefined;
  const scan = new JsonScan(text, (open, span) => {
    if (open.length === path.length && open.every(({ name }, depth) => name === path[depth])) found = span;
  });
  return scan.run() === undefined ? found : undefined;
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const [QUOTE, BACKSLASH, FIRST_PRINTABLE] = [0x22, 0x5c, 0x20];
const SPACE = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Reads JSON without recursion: a body may be nested as deep as it is long. */
class JsonScan {
  private readonly open: Open[] = [];
  private at = 0;
  /** Whether a bracket has been opened whose first member is still to be read: the loop reads members, not recursion. */
  private waiting = false;
  private problem: JsonProblem | undefined;

  constructor(
    private readonly text: string,
    private readonly visit: (open: readonly Open[], value: TextSpan) => void,
  ) {}

  run(): JsonProblem | undefined {
    this.skip(SPACE);
    this.value('a value');
    while (this.problem === undefined && this.open.length > 0) this.afterValueOrOpening();
    this.skip(SPACE);
    if (this.problem === undefined && this.at < this.text.length) this.expected('the end of the text');
    return this.problem;
  }

  /** @param orElse what may stand there, in words */
  private value(orElse: string): void {
    const start = this.at;
    const first = this.text[start];
    if (first === '{' || first === '[') {
      this.open.push({ closing: first === '{' ? '}' : ']', start, name: undefined });
      this.at += 1;
      this.firstMember();
    } else if (first === '"') {
      if (this.string()) this.visit(this.open, { start, end: this.at });
    } else {
      this.skip(LITERAL);
      if (this.at === start) this.expected(orElse);
      else this.visit(this.open, { start, end: this.at });
    }
  }

  /** What follows a bracket: its member, or the bracket that closes it again. */
  private firstMember(): void {
    const closing = this.open.at(-1)?.closing;
    this.skip(SPACE);
    if (this.text[this.at] === closing) this.close();
    else this.waiting = true;
  }

  private afterValueOrOpening(): void {
    const top = this.open.at(-1);
    if (top === undefined) return;
    if (this.waiting) {
      this.waiting = false;
      this.member(top, ` or ${top.closing}`);
      return;
    }
    this.skip(SPACE);
    const next = this.text[this.at];
    if (next === top.closing) this.close();
    else if (next !== ',') this.expected(`a comma or ${top.closing}`);
    else {
      this.at += 1;
      this.skip(SPACE);
      this.member(top, '');
    }
  }

  private member(top: Open, orClosing: string): void {
    if (top.closing === ']') {
      this.value(`a value${orClosing}`);
      return;
    }
    const start = this.at;
    if (this.text[start] !== '"') {
      this.expected(`a name in double quotes${orClosing}`);
      return;
    }
    if (!this.string()) return;
    top.name = JSON.parse(this.text.slice(start, this.at)) as string;
    this.skip(SPACE);
    if (this.text[this.at] !== ':') {
      this.expected('a colon');
      return;
    }
    this.at += 1;
    this.skip(SPACE);
    this.value('a value');
  }

  private close(): void {
    const closed = this.open.pop();
    this.at += 1;
    if (closed !== undefined) this.visit(this.open, { start: closed.start, end: this.at });
  }

  private string(): boolean {
    for (this.at += 1; this.at < this.text.length; ) {
      const next = this.text.charCodeAt(this.at);
      if (next === QUOTE) {
        this.at += 1;
        return true;
      }
      if (next < FIRST_PRINTABLE) return this.expected('an escape in place of a control character');
      if (next === BACKSLASH && !this.skip(ESCAPE)) return this.expected('an escape that JSON knows');
      if (next !== BACKSLASH) this.at += 1;
    }
    return this.expected('a closing double quote');
  }

  private expected(what: string): false {
    this.problem = { offset: this.at, expected: what };
    return false;
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.test(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}
