import type { Answer } from './answer';
import type { Call } from './call';
import type { Catalogue } from './catalogue';
import type { QuotaMeter } from './quota';

/** What a fault can work on. */
export interface Exchange {
  readonly call: Call;
  readonly catalogue: Catalogue;
  readonly quota: QuotaMeter;
  /** Aborted when the stand-in stops. */
  readonly stopping: AbortSignal;
}

/** What goes wrong: stands before the answer, and may do something first, spoil the answer, or give another one. */
export type Fault = (exchange: Exchange, answer: () => Promise<Answer>) => Promise<Answer> | Answer;

/** Whether a fault happens to a call. Asked exactly once for every call, in the order of arrival. */
export type Condition = (call: Call) => boolean;

export interface Rule {
  readonly when: Condition;
  readonly fault: Fault;
}

/** The rules in force. All that hold for a call happen to it, the first one outermost. */
export class Switches {
  #rules: readonly Rule[] = [];

  constructor(rules: readonly Rule[] = []) {
    this.add(...rules);
  }

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  add(...rules: readonly Rule[]): void {
    this.#rules = [...this.#rules, ...rules];
  }

  remove(...rules: readonly Rule[]): void {
    this.#rules = this.#rules.filter((rule) => !rules.includes(rule));
  }

  clear(): void {
    this.#rules = [];
  }

  /** The answer to a call as the rules leave it. */
  apply(exchange: Exchange, answer: () => Promise<Answer>): Promise<Answer> {
    const faults = this.#rules.filter(({ when }) => when(exchange.call)).map(({ fault }) => fault);
    const spoilt = faults.reduceRight<() => Promise<Answer>>(
      (inner, fault) => async () => fault(exchange, inner),
      answer,
    );
    return spoilt();
  }
}
