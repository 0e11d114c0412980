import type { HostProcess } from '../../support/host-process';

export interface RunLink {
  readonly id: string;
  readonly statusUrl: string;
}

/** What `POST /api/runs` answers: some of it, by the status. */
export interface StartAnswer extends RunLink {
  readonly runs: readonly RunLink[];
  readonly running: readonly RunLink[];
  readonly error: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Answer<Content> {
  readonly status: number;
  readonly location: string | null;
  readonly body: Content;
}

/** The HTTP functions of the app on a host, as one who has the key uses them. */
export class RunsApi {
  /** The runs of every answer 202, in order. */
  readonly accepted: string[] = [];
  readonly #host: Pick<HostProcess, 'url' | 'request'>;

  constructor(host: Pick<HostProcess, 'url' | 'request'>) {
    this.#host = host;
  }

  /** @param content sent as it is where it is a text, else as JSON */
  async post(content: unknown): Promise<Answer<StartAnswer>> {
    const body = typeof content === 'string' ? content : JSON.stringify(content);
    const answer = await answerOf<StartAnswer>(await this.#host.request('/api/runs', { method: 'POST', body }));
    if (answer.status === 202) this.accepted.push(...answer.body.runs.map(({ id }) => id));
    return answer;
  }

  async get(id: string): Promise<Answer<Record<string, unknown>>> {
    return answerOf(await this.#host.request(`/api/runs/${id}`));
  }

  /** Asks until the run has ended, so also for a run that has the name of an earlier one. */
  async endOf(id: string): Promise<Answer<Record<string, unknown>>> {
    for (;;) {
      const answer = await this.get(id);
      if (answer.status !== 202) return answer;
    }
  }

  link(id: string): RunLink {
    return { id, statusUrl: `${this.#host.url}/api/runs/${id}` };
  }
}

async function answerOf<Content>(response: Response): Promise<Answer<Content>> {
  return {
    status: response.status,
    location: response.headers.get('location'),
    body: (await response.json()) as Content,
  };
}
