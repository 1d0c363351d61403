/** The CDK app of the shared base stack. */
import { synthesize } from '@inlet/constructs';
import { BaseStack } from './base-stack';

synthesize((app, deployment) => void new BaseStack(app, deployment));
