import { CONTRACT_VERSION } from '../../messages/contract';
import { SCHEMA_VERSION } from '../../messages/datasets';
import { type Check, fine, problem } from './check';

/** What runs the batch. */
export interface Versions {
  /** The package's own. */
  readonly batch: string;
  /** As `process.versions.node` has it. */
  readonly node: string;
}

/** As `engines` of the package says. */
const OLDEST_NODE = [20, 20] as const;

export function checkVersions({ batch, node }: Versions): Check {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const found = `makoto-daily-batch ${batch} on Node ${node}; datasets of schema version ${SCHEMA_VERSION}, messages by contract version ${CONTRACT_VERSION}.`;
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) return fine('versions', found);
  return problem('versions', found, `Node ${OLDEST_NODE.join('.')} or later is needed: install it.`);
}
