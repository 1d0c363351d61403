export { bundleScript, startScript, type ChildScript } from './child-script';
export {
  raw,
  redirect,
  serve,
  serveGzipped,
  silence,
  startFaultServer,
  status,
  type Behaviour,
  type FaultServer,
  type ServeOptions,
} from './fault-server';
export { createPipelineDeps } from './create-pipeline-deps';
export { describeLedgerContract, type LedgerSetting, type MakeLedger } from './ledger-contract';
export { memoryLedger } from './memory-ledger';
export { memoryStore } from './memory-store';
export { describeObjectStoreContract, incrementBy, type MakeStore } from './object-store-contract';
export { prepareMinistack, type Ministack, type MinistackOptions, type MinistackSettings, type RunningMinistack } from './ministack';
export { prepareDeequ, type Deequ, type DeequCase, type DeequOptions, type DeequRuleAnswer, type DeequRun } from './prepare-deequ';
export { present } from './present';
export { buildRunRecord } from './run-record';
export { skipAloud } from './skip-aloud';
export { tempDir } from './temp-dir';
