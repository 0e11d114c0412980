/** A request as it came. Its headers are looked up when somebody asks for one: most are never asked for. */
export class ServerRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly #head: string;
  #lowerCase: string | undefined;

  /** @param head the request line and the headers, without the empty line */
  constructor(
    head: string,
    readonly body: Buffer,
  ) {
    const method = head.indexOf(' ');
    const target = head.indexOf(' ', method + 1);
    this.method = head.slice(0, method);
    this.target = head.slice(method + 1, target);
    this.#head = head;
  }

  /** @param name in lower case */
  header(name: string): string | undefined {
    this.#lowerCase ??= this.#head.toLowerCase();
    return headerOf(this.#head, this.#lowerCase, name);
  }

  /** Names in lower case. */
  headers(): Map<string, string> {
    const lines = this.#head.split('\r\n').slice(1);
    return new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
  }
}

/** What a body's length is by the headers; GET has none. */
export function bodyLengthOf(head: string): number {
  if (head.startsWith('GET ')) return 0;
  return Number(headerOf(head, head.toLowerCase(), 'content-length') ?? 0);
}

function headerOf(head: string, lowerCase: string, name: string): string | undefined {
  const line = lowerCase.indexOf(`\r\n${name}:`);
  if (line === -1) return undefined;
  const end = head.indexOf('\r\n', line + 2);
  return head.slice(line + name.length + 3, end === -1 ? undefined : end).trim();
}
