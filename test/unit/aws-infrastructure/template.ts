import { readText } from '../docs/documents';
import { readYaml, type Yaml } from './yaml';

type Fields = { readonly [key: string]: Yaml };

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Fields;
}

export interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Type: string; readonly Default?: Yaml } & Fields>>;
  readonly Conditions: Fields;
  readonly Globals: { readonly Function: Fields };
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Fields>>;
}

export function readTemplate(): Template {
  return readYaml(readText('template.yaml')) as unknown as Template;
}

/** What an identity has of a resource that is not made: its name stands for it. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::StackName': 'makoto-batch',
  'AWS::Region': 'ap-northeast-1',
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
};

const NOTHING = Symbol('AWS::NoValue');
type Resolved = Yaml | typeof NOTHING;

/**
 * What CloudFormation makes of the template with these parameters: the resources whose conditions hold, without intrinsic functions. Attributes
 * of resources are `Name.Attribute`. @throws Error for a reference to what is not there
 */
export class Deployment {
  readonly #template: Template;
  readonly #parameters: Readonly<Record<string, string>>;

  constructor(template: Template, parameters: Readonly<Record<string, string>>) {
    this.#template = template;
    this.#parameters = parameters;
  }

  /** The resources that are made, those of a type alone where one is given. */
  resources(type?: string): Map<string, Fields> {
    const made = Object.entries(this.#template.Resources).filter(
      ([, { Type, Condition }]) => (type === undefined || type === Type) && this.#holds(Condition),
    );
    return new Map(made.map(([name, { Properties }]) => [name, this.resolve(Properties) as Fields]));
  }

  /** A function of SAM with what all of them have. */
  functions(): Map<string, Fields> {
    const globals = this.resolve(this.#template.Globals.Function) as Fields;
    const environmentOf = (fields: Fields) =>
      (fields.Environment as { Variables?: Fields } | undefined)?.Variables ?? {};
    return new Map(
      [...this.resources('AWS::Serverless::Function')].map(([name, own]) => {
        const Variables = { ...environmentOf(globals), ...environmentOf(own) };
        return [name, { ...globals, ...own, Environment: { Variables } }];
      }),
    );
  }

  resolve(value: Yaml): Yaml {
    const resolved = this.#resolved(value);
    return resolved === NOTHING ? null : resolved;
  }

  #resolved(value: Yaml): Resolved {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((each) => this.#resolved(each)).filter((each) => each !== NOTHING);
    const entries = Object.entries(value as Fields);
    const [[name, argument] = ['', null]] = entries;
    if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return this.#function(name, argument);
    const fields = entries.map(([key, each]) => [key, this.#resolved(each)] as const);
    return Object.fromEntries(fields.filter((field): field is readonly [string, Yaml] => field[1] !== NOTHING));
  }

  #function(name: string, argument: Yaml): Resolved {
    const list = Array.isArray(argument) ? (argument as readonly Yaml[]) : [];
    const [first = null, second = null, third = null] = list;
    switch (name) {
      case 'Ref':
        return this.#reference(String(argument));
      case 'Fn::GetAtt':
        this.#made(String(first));
        return list.join('.');
      case 'Fn::If':
        return this.#resolved(this.#holds(String(first)) ? second : third);
      case 'Fn::Sub':
        return this.#substituted(String(list.length > 0 ? first : argument), (second ?? {}) as Fields);
      case 'Fn::Join':
        return (this.resolve(second) as readonly Yaml[]).join(String(first));
      case 'Fn::Split':
        return String(this.resolve(second)).split(String(first));
      default:
        throw new Error(`This test does not know ${name}.`);
    }
  }

  #substituted(text: string, given: Fields): string {
    return text.replaceAll(/\$\{([\w:.]+)\}/g, (_, name: string) => {
      const own = given[name];
      return String(own === undefined ? this.resolve({ Ref: name }) : this.resolve(own));
    });
  }

  #reference(name: string): Resolved {
    if (name === 'AWS::NoValue') return NOTHING;
    const pseudo = PSEUDO[name];
    if (pseudo !== undefined) return pseudo;
    const parameter = this.#template.Parameters[name];
    if (parameter !== undefined) {
      const value = this.#parameters[name] ?? parameter.Default;
      if (value === undefined) throw new Error(`The parameter ${name} is required.`);
      return parameter.Type === 'CommaDelimitedList' ? String(value).split(',') : String(value);
    }
    this.#made(name.replace(/\.Alias$/, ''));
    return name;
  }

  /** A reference to a resource whose condition does not hold fails the deployment. */
  #made(name: string): void {
    const resource = this.#template.Resources[name];
    if (resource === undefined || !this.#holds(resource.Condition)) throw new Error(`${name} is not made.`);
  }

  #holds(condition: string | undefined): boolean {
    if (condition === undefined) return true;
    const rule = this.#template.Conditions[condition];
    if (rule === undefined) throw new Error(`There is no condition ${condition}.`);
    return this.#judged(rule);
  }

  #judged(rule: Yaml): boolean {
    const [[name, argument] = ['', null]] = Object.entries(rule as Fields);
    const list = argument as readonly Yaml[];
    if (name === 'Condition') return this.#holds(String(argument));
    if (name === 'Fn::Not') return !list.some((each) => this.#judged(each));
    if (name === 'Fn::And') return list.every((each) => this.#judged(each));
    if (name === 'Fn::Equals') return String(this.resolve(list[0] ?? null)) === String(this.resolve(list[1] ?? null));
    throw new Error(`This test does not know ${name}.`);
  }
}

/** The sets of parameters that are told apart: what is made with each differs. */
export const EXPORT_ALONE = { S3BucketName: 'makoto-messages' };
export const WITH_SYNC = { ...EXPORT_ALONE, DatabaseHost: 'db.example.com' };
export const EVERYTHING = {
  ...WITH_SYNC,
  S3BucketName: 'makoto-{tenant}-messages',
  AnalyticsBucketName: 'makoto-analytics',
  KmsKeyArn: 'arn:aws:kms:ap-northeast-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  SubnetIds: 'subnet-1,subnet-2',
  SecurityGroupIds: 'sg-1',
  AlarmEmail: 'operators@example.com',
  DatabaseSecretName: 'of/the/database',
  YoutubeSecretName: 'of-youtube',
  YoutubeChannelIds: '@handle',
  YoutubeApiUrl: 'https://proxy.example.com',
  OtlpEndpoint: 'https://collector.example.com:4318',
  YoutubeAtNoon: 'true',
  YoutubeAtEvening: 'true',
};

export const VARIANTS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['the export alone', EXPORT_ALONE],
  ['with the sync', WITH_SYNC],
  ['everything', EVERYTHING],
  ['durable', { ...EXPORT_ALONE, Engine: 'durable' }],
  ['durable with everything', { ...EVERYTHING, Engine: 'durable' }],
];
