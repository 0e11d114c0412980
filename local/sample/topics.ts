/**
 * Something that people ask a chat assistant about. The turns alternate, beginning with the person; `{name}` in one stands
 * for one of the slot's words, the same in the whole conversation.
 */
export interface Topic {
  readonly title: string;
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly turns: readonly string[];
}
