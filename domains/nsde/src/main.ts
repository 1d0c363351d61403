/** The CDK app of the NSDE dataset's stack. */
import { synthesizeDataset } from '@inlet/constructs';
import { NsdeOrchestratorStack } from './orchestrator-stack';

void synthesizeDataset('nsde', (app, props) => void new NsdeOrchestratorStack(app, props));
