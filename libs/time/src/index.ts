export { fixedClock, systemClock, type Clock } from './clock';
export { buildRunId, formatRunStart, isRunId, UNKNOWN_RELEASE_SHA256 } from './run-id';
export { addSeconds, formatBytes, formatDuration, formatVersion } from './format';
