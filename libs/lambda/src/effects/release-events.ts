/** Tells other systems that a release was published: an event on EventBridge, with where its tables lie. */
import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describeAwsFailure } from '@inlet/aws-failure';
import { EVENT_SOURCE, RELEASE_PUBLISHED } from '@inlet/deployment';
import { TransientError } from '@inlet/errors';
import { keys, type RunRecord } from '@inlet/manifest';
import type { Notifier, ObjectStore } from '@inlet/pipeline';
import { formatVersion } from '@inlet/time';

export interface ReleaseEventOptions {
  client: EventBridgeClient;
  /** Name or ARN. */
  eventBus: string;
  store: Pick<ObjectStore, 'uri'>;
}

/** What subscribers read in `detail`. */
export interface ReleasePublished {
  dataset: string;
  runId: string;
  /** UTC day of the run's start: `YYYY-MM-DD`. */
  version: string;
  sha256: string;
  tables: { name: string; layer: 'silver' | 'gold'; rows: number; location: string }[];
}

/** Only published runs make an event. One that is tried again may arrive twice; its `runId` is the same. */
export function createReleaseEvents({ client, eventBus, store }: ReleaseEventOptions): Notifier {
  return {
    async notify(record: RunRecord): Promise<void> {
      if (record.outcome !== 'published' || record.release === null) return;
      const detail = describeRelease(record, record.release.sha256, store);
      const entry = { EventBusName: eventBus, Source: EVENT_SOURCE, DetailType: RELEASE_PUBLISHED, Time: new Date(record.endedAt), Detail: JSON.stringify(detail) };
      const attempt = { what: 'The event of the published release cannot be sent', where: eventBus };
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] })).catch((error: unknown) => {
        throw describeAwsFailure(error, attempt);
      });
      // A request may succeed whose entry did not: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
      const [refused] = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined);
      if (refused) throw new TransientError({ ...attempt, found: `${refused.ErrorCode}: ${refused.ErrorMessage ?? 'no message'}`, next: 'Try again.' });
    },
  };
}

function describeRelease(record: RunRecord, sha256: string, store: Pick<ObjectStore, 'uri'>): ReleasePublished {
  const { dataset, runId, startedAt } = record;
  const version = formatVersion(new Date(startedAt));
  const tables = record.tables.flatMap(({ name, layer, rows }) =>
    layer === 'silver' || layer === 'gold' ? [{ name, layer, rows, location: `${store.uri(`${keys.modelPrefix(layer, dataset, version, runId)}${name}`)}/` }] : [],
  );
  return { dataset, runId, version, sha256, tables };
}
