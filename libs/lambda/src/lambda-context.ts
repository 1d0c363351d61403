/** What Lambda gives a function beside its event, as far as Inlet uses it. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */

export interface LambdaContext {
  functionName: string;
  getRemainingTimeInMillis(): number;
}

/** Handlers take no callback: Node 24 on Lambda knows only promises. */
export type LambdaHandler<Result = unknown> = (event: unknown, context: LambdaContext) => Promise<Result>;

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;
