/** What happens to data when its stack goes: it stays, unless two keys agree. */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Deployment } from './deployment';

/** Of buckets, tables, keys and logs. */
export function dataRemovalPolicy({ destroyData }: Pick<Deployment, 'destroyData'>): RemovalPolicy {
  return destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
}
