/**
 * Why `id` cannot be an instance's id, or undefined where it can: the rules of the Azure Storage provider, which uses it
 * as a table key and in URLs. Sub-orchestrations without an id of their own get one from the host.
 */
export function instanceIdProblem(id: string, isSubOrchestration: boolean): string | undefined {
  const whose = isSubOrchestration ? "The sub-orchestration's instance id" : 'The instance id';
  if (id === '' || id.length > 256) {
    return `${whose} has ${id.length} characters: there must be 1 to 256.`;
  }
  if (id.startsWith('@')) {
    return `${whose} "${id}" begins with @, which is for entities.`;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the rule names
  return /[/\\#?\u0000-\u001f\u007f-\u009f]/.test(id)
    ? `${whose} "${id}" has one of / \\ # ? or a control character.`
    : undefined;
}
