/** One deployment environment, as the committed file `environments.json` describes it. */
import { z } from 'zod';

export const EnvironmentSchema = z.strictObject({
  name: z.enum(['dev', 'staging', 'prod']).describe('Name of the environment.'),
  account: z.string().regex(/^\d{12}$/, 'twelve digits').describe('AWS account that holds it.'),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-west-1').describe('AWS region that holds it.'),
  tags: z.strictObject({
    Environment: z.string().min(1),
    Owner: z.string().min(1),
    CostCenter: z.string().min(1),
  }).describe('Tags of every resource. A dataset\'s own owner and cost centre take the place of these in its stack.'),
  alert_emails: z.array(z.email()).default([]).describe('Who is told of failed and rejected runs, alarms and the budget.'),
  monthly_budget_usd: z.number().positive().default(100).describe('Monthly budget; alerts at 80 and 100 %.'),
  athena_scan_limit_bytes: z.int().min(10_000_000).default(10_000_000_000).describe('Most bytes that one Athena query may scan.'),
  network: z.strictObject({ enabled: z.boolean().default(false), nat: z.boolean().default(false) }).prefault({}).describe('Private network for the functions that need no internet.'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64').describe('Of the Lambda functions.'),
  log_retention_days: z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365), z.literal(731)]).default(365).describe('How long function and state machine logs are kept.'),
  mirror_hosts: z.array(z.string().min(1)).default([]).describe('Hosts (`host` or `host:port`), besides those of a dataset\'s own sources, that a run may be given a source from.'),
  destroy_data: z.boolean().default(false).describe('Whether deleting a stack may delete its data. Takes effect only together with the context flag inlet:destroy-data=true.'),
});

export type Environment = z.infer<typeof EnvironmentSchema>;
