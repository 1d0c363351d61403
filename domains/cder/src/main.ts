/** The CDK app of the CDER dataset's stack. */
import { synthesizeDataset } from '@inlet/constructs';
import { CderOrchestratorStack } from './orchestrator-stack';

void synthesizeDataset('cder', (app, props) => void new CderOrchestratorStack(app, props));
