/** Rules on when and where a dataset runs: schedules that AWS accepts, bounds that fit each other. */
import { quoteText } from '../config-problem';
import { suggestNearest } from '../nearest';
import { findScheduleFault } from '../schedule-expression';
import { type ConfigRule, listNames, listRepeats, problemAt } from './rule';

const OLDEST_GLUE_VERSION = 4;

/** Each dataset is queried in three schemas: its own, and two that end in these words. */
const SCHEMA_ENDINGS = /-(bronze|quarantine)$/;
/** Schemas and catalogs that the query engine has of its own. */
const OWN_SCHEMAS = new Set(['information-schema', 'main', 'memory', 'pg-catalog', 'system', 'temp']);

export const datasetIdIsFree: ConfigRule = ({ dataset }) => {
  if (dataset === undefined || !(SCHEMA_ENDINGS.test(dataset) || OWN_SCHEMAS.has(dataset))) return [];
  return [problemAt(['dataset'], 'an id that clashes with no query schema: not ending in -bronze or -quarantine, nor one of the engine\'s own', quoteText(dataset))];
};

export const scheduleIsReadable: ConfigRule = ({ schedule }) => {
  const fault = schedule?.expression === undefined ? undefined : findScheduleFault(schedule.expression);
  return fault === undefined ? [] : [problemAt(['schedule', 'expression'], fault.expected, fault.found)];
};

export const timeZoneExists: ConfigRule = ({ schedule }) => {
  const zone = schedule?.time_zone;
  if (zone === undefined || isTimeZone(zone)) return [];
  return [problemAt(['schedule', 'time_zone'], `an IANA time zone${suggestNearest(zone, Intl.supportedValuesOf('timeZone'))}`, quoteText(zone))];
};

export const samplesAreUnique: ConfigRule = ({ samples }) => listRepeats('a sample', listNames(['samples'], samples));

export const expandedBoundExceedsSourceBound: ConfigRule = ({ limits }) => {
  const { max_source_bytes: source, max_expanded_bytes: expanded } = limits ?? {};
  return source !== undefined && expanded !== undefined && expanded < source
    ? [problemAt(['limits', 'max_expanded_bytes'], `at least limits.max_source_bytes, which is ${source}`, `the number ${expanded}`)]
    : [];
};

export const glueJobsAreApart: ConfigRule = ({ bronze_job_name, silver_job_name }) =>
  bronze_job_name !== undefined && bronze_job_name === silver_job_name ? [problemAt(['silver_job_name'], 'another name than bronze_job_name', quoteText(silver_job_name))] : [];

/** Below 4.0 Glue has Spark 3.1 or older, which lacks functions that compiled models use. */
export const glueIsRecent: ConfigRule = ({ glue_version }) =>
  glue_version !== undefined && Number.parseInt(glue_version, 10) < OLDEST_GLUE_VERSION ? [problemAt(['glue_version'], '"4.0" or newer', quoteText(glue_version))] : [];

export const operationRules: readonly ConfigRule[] = [
  datasetIdIsFree,
  scheduleIsReadable,
  timeZoneExists,
  samplesAreUnique,
  expandedBoundExceedsSourceBound,
  glueJobsAreApart,
  glueIsRecent,
];

/** Names only: Intl also takes offsets such as +05:00, and any case, which EventBridge does not. */
function isTimeZone(zone: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
