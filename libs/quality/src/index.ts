export { evaluateThresholds, explainFailures, type Candidate, type CandidateTable } from './thresholds';
