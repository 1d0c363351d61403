/** The CDER dataset's second door: its stack on AWS, which differs in nothing from what every dataset has. */
import { OrchestratorStack } from '@inlet/constructs';

export class CderOrchestratorStack extends OrchestratorStack {}
