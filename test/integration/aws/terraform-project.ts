import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { ROOT } from '../../unit/docs/documents';

export const REGION = 'ap-northeast-1';

const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws');

/** Where Terraform itself looks for providers ("Implied local mirror directories"), and folders two below the root of the file system. */
function usualFolders(): string[] {
  const share = ['/usr/local/share', '/usr/share', join(homedir(), '.local', 'share')].map((path) =>
    join(path, 'terraform', 'plugins'),
  );
  const { root } = parse(ROOT);
  const tops = entries(root).filter((name) => !['proc', 'sys', 'dev'].includes(name));
  const below = tops.flatMap((top) => entries(join(root, top)).map((name) => join(root, top, name)));
  return [join(homedir(), '.terraform.d', 'plugins'), ...share, ...below];
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A file, or a folder of somebody else.
    return [];
  }
}

/** The folder with the provider: TF_PLUGIN_DIR, or one of the usual places. */
export function pluginFolder(): string | undefined {
  const named = process.env.TF_PLUGIN_DIR ?? '';
  return (named === '' ? usualFolders() : [named]).find((folder) => existsSync(join(folder, PROVIDER)));
}

/** Why Terraform cannot be run here; undefined where it can. */
export function withoutTerraform(): string | undefined {
  if (spawnSync('terraform', ['version']).status !== 0) return 'not run: there is no terraform';
  if (pluginFolder() === undefined)
    return 'not run: no folder has the AWS provider of Terraform; TF_PLUGIN_DIR names one';
  return undefined;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of `terraform/`, of which the example environment is pointed at a stand-in. */
export class TerraformProject {
  readonly #folder = mkdtempSync(join(tmpdir(), 'makoto-terraform-'));
  readonly #example: string;
  readonly #endpoint: string;

  constructor(endpoint: string, variables: object) {
    this.#endpoint = endpoint;
    this.#example = join(this.#folder, 'terraform', 'environments', 'example');
    cpSync(join(ROOT, 'terraform'), join(this.#folder, 'terraform'), {
      recursive: true,
      filter: (path) => !path.includes('.terraform') && !path.includes('tfstate'),
    });
    mkdirSync(join(this.#folder, 'dist'));
    // Lambda's stand-in does not look into it.
    writeFileSync(join(this.#folder, 'dist', 'aws-handler.zip'), 'a package');
    writeFileSync(join(this.#example, 'stand-in_override.tf'), OVERRIDE);
    this.set(variables);
  }

  set(variables: object): void {
    writeFileSync(join(this.#example, 'terraform.tfvars.json'), JSON.stringify(variables));
  }

  async init(): Promise<void> {
    await this.succeed('init', '-input=false', '-no-color', `-plugin-dir=${pluginFolder()}`);
  }

  /** @throws Error with what Terraform said, where it did not succeed */
  async succeed(...args: readonly string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`terraform ${args[0]} ended with ${code}:\n${output}`);
    return output;
  }

  async run(...args: readonly string[]): Promise<Ended> {
    const env = {
      PATH: process.env.PATH,
      HOME: this.#folder,
      // A person's own configuration may name other places for providers.
      TF_CLI_CONFIG_FILE: join(this.#folder, 'none.tfrc'),
      CHECKPOINT_DISABLE: '1',
      AWS_ENDPOINT_URL: this.#endpoint,
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    };
    writeFileSync(env.TF_CLI_CONFIG_FILE, '');
    const child = spawn('terraform', [...args], { cwd: this.#example, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    return { code, output };
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const OVERRIDE = `provider "aws" {
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
`;
