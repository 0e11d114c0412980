import { codeBlocks, DOCUMENTS, readText } from '../docs/documents';

export interface AzureCommand {
  readonly at: string;
  /** The command with its flags, one of those of azure-commands.json. */
  readonly text: string;
}

export interface KnownCommand {
  readonly flags: readonly string[];
  readonly source: string;
}

/** Flags of every command of az. Source: learn.microsoft.com/cli/azure/reference-index#az-global-parameters. */
const GLOBAL_FLAGS = ['--query', '--output', '--only-show-errors'];

export const WORKFLOWS = ['.github/workflows/azure-what-if.yml', '.github/workflows/azure-deploy.yml'];

/** The commands of Azure's tools in the documents and workflows, those within `$(…)` too. */
export function azureCommands(): AzureCommand[] {
  const documented = DOCUMENTS.flatMap((at) =>
    codeBlocks(readText(at))
      .filter(({ language }) => language === 'sh')
      .flatMap(({ content }) => commandsIn(at, content)),
  );
  return [...documented, ...WORKFLOWS.flatMap((at) => commandsIn(at, readText(at)))];
}

export function commandsIn(at: string, text: string): AzureCommand[] {
  return text.split('\n').flatMap((line) => {
    const found = [...line.matchAll(/(?:^|[\s(])((?:az|azd|func) [a-z][^|]*)/g)].map(([, command = '']) => command);
    return found.flatMap((command) => {
      const [outer = '', ...inner] = command.split(/\$\((?=az )/);
      // What follows an inner command belongs to the outer one.
      const rest = inner.map((each) => each.slice(each.indexOf(')') + 1)).join(' ');
      return [outer + rest, ...inner.map((each) => each.slice(0, each.indexOf(')')))].map((each) => ({
        at,
        text: each,
      }));
    });
  });
}

/** What is wrong with a command: none that is known, a flag that it does not have. */
export function commandProblems({ at, text }: AzureCommand, known: Readonly<Record<string, KnownCommand>>): string[] {
  const name = Object.keys(known)
    .filter((each) => `${text} `.startsWith(`${each} `))
    .sort((one, other) => other.length - one.length)[0];
  if (name === undefined) return [`${at}: nobody has looked up "${text}"`];
  const flags = [...text.matchAll(/(?<=\s)--?[a-z][\w-]*/g)].map(([flag]) => flag);
  const allowed = [...(known[name]?.flags ?? []), ...(name.startsWith('az ') ? GLOBAL_FLAGS : [])];
  return flags.filter((flag) => !allowed.includes(flag)).map((flag) => `${at}: ${name} has no ${flag}`);
}
