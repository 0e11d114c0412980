import { projectRoot } from '../cli/project-root';
import { writeDataDocuments } from './data-documents';

/** `npm run docs:data`. */
writeDataDocuments(projectRoot()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
