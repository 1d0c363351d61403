/** Tells people how a run has ended: a short subject, and what they need first as JSON. */
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { describeAwsFailure } from '@inlet/aws-failure';
import type { RunRecord } from '@inlet/manifest';
import type { Notifier } from '@inlet/pipeline';
import { formatDuration } from '@inlet/time';
import { redactUrls } from '../json-log';
import { shorten, toSubject } from './message-text';

const MOST_REASON_CHARACTERS = 2_000;
const MOST_FAILED_RULES = 20;

/** Subscribers choose by the attributes `dataset` and `outcome`. An unchanged run is no news. A notice that is tried again may arrive twice. */
export function createSnsNotifier({ client, topicArn }: { client: SNSClient; topicArn: string }): Notifier {
  return {
    async notify(record: RunRecord): Promise<void> {
      if (record.outcome === 'unchanged') return;
      const { dataset, outcome } = record;
      const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
      try {
        await client.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: describeOutcome(record),
            Message: JSON.stringify(describeRun(record), null, 2),
            MessageAttributes: { dataset: attribute(dataset), outcome: attribute(outcome) },
          }),
        );
      } catch (error) {
        throw describeAwsFailure(error, { what: `Nobody can be told that the run was ${outcome}`, where: topicArn });
      }
    },
  };
}

function describeOutcome({ dataset, outcome, startedAt, reason }: RunRecord): string {
  const detail = outcome === 'published' ? startedAt.slice(0, 10) : redactUrls(reason ?? 'no reason was given');
  return toSubject(`Inlet: ${dataset} ${outcome} - ${detail}`);
}

function describeRun(record: RunRecord) {
  const { dataset, runId, outcome, engine, startedAt, endedAt, durationMs, release, tables, quality, reason, schemaChanges, error } = record;
  const failed = quality.filter((result) => result.outcome === 'failed' || result.outcome === 'error');
  return {
    dataset,
    runId,
    outcome,
    reason: reason === null ? null : shorten(redactUrls(reason), MOST_REASON_CHARACTERS),
    engine,
    startedAt,
    endedAt,
    duration: formatDuration(durationMs),
    release: release && { sha256: release.sha256, bytes: release.bytes },
    tables: tables.map(({ name, layer, rows, quarantined, superseded }) => ({ name, layer, rows, quarantined, superseded })),
    failedRules: failed.slice(0, MOST_FAILED_RULES).map(({ table, rule, reason: why }) => ({ table, rule, ...(why !== undefined && { reason: shorten(why, MOST_REASON_CHARACTERS) }) })),
    schemaChanges: schemaChanges.length,
    ...(error && { error: error.name }),
  };
}
