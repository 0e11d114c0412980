/** What Lambda, and who deploys to it, say of the function that runs: no settings of the batch. */
export interface FunctionEnvironment {
  /** Whether the log goes to CloudWatch, which makes metrics of some of its lines. */
  readonly onLambda: boolean;
  /** The function that does single steps for the durable one, by its name or ARN with a version or an alias. */
  readonly worker: string | undefined;
}

export function functionEnvironment(env: NodeJS.ProcessEnv = process.env): FunctionEnvironment {
  const worker = env.WORKER_FUNCTION_NAME?.trim();
  return {
    onLambda: (env.AWS_LAMBDA_FUNCTION_NAME ?? '') !== '',
    worker: worker === '' ? undefined : worker,
  };
}
