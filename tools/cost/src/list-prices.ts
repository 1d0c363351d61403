/** AWS's list prices in one region, typed in from its public price pages: without free tiers, discounts and taxes. */

export const PRICE_REGION = 'us-east-1';
/** The year of the price lists. They change seldom, and the pages that they come from are named beside the figures. */
export const PRICES_AS_OF = '2025';

/** US dollars. A GB is 1,000,000,000 bytes here; that a bill counts GiB makes less of a difference than the assumptions do. */
export const LIST_PRICES = {
  /** https://aws.amazon.com/lambda/pricing/ */
  lambda: { gbSecondArm64: 0.0000133334, requestsPerMillion: 0.2, storageGbSecond: 0.0000000309, freeStorageGb: 0.512 },
  /** https://aws.amazon.com/step-functions/pricing/ */
  stepFunctions: { transitionsPerThousand: 0.025 },
  /** https://aws.amazon.com/s3/pricing/ ; per GB and month, per thousand requests */
  s3: {
    standardGbMonth: 0.023,
    infrequentGbMonth: 0.0125,
    glacierInstantGbMonth: 0.004,
    writesPerThousand: 0.005,
    readsPerThousand: 0.0004,
  },
  /** https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamodb: { writesPerMillion: 0.625, readsPerMillion: 0.125, gbMonth: 0.25, backupGbMonth: 0.2 },
  /** https://aws.amazon.com/kms/pricing/ */
  kms: { keyMonth: 1, requestsPerTenThousand: 0.03 },
  /** https://aws.amazon.com/cloudwatch/pricing/ ; an alarm on a metric expression counts once for each metric in it */
  cloudwatch: { logGbIngested: 0.5, logGbMonth: 0.03, alarmMetricMonth: 0.1, dashboardMonth: 3, customMetricMonth: 0.3 },
  /** https://aws.amazon.com/xray/pricing/ */
  xray: { tracesPerMillion: 5 },
  /** https://aws.amazon.com/eventbridge/pricing/ */
  eventbridge: { eventsPerMillion: 1, schedulesPerMillion: 1 },
  /** https://aws.amazon.com/sns/pricing/ and https://aws.amazon.com/sqs/pricing/ */
  messages: { snsPerMillion: 0.5, emailsPerHundredThousand: 2, sqsPerMillion: 0.4 },
  /** https://aws.amazon.com/cloudtrail/pricing/ */
  cloudtrail: { dataEventsPerHundredThousand: 0.1 },
  /** https://aws.amazon.com/athena/pricing/ */
  athena: { tbScanned: 5 },
  /** https://aws.amazon.com/glue/pricing/ */
  glue: { dpuHour: 0.44 },
  /** https://aws.amazon.com/privatelink/pricing/ and https://aws.amazon.com/vpc/pricing/ */
  network: { interfaceEndpointZoneHour: 0.01, natHour: 0.045, natGb: 0.045 },
} as const;

export type ListPrices = typeof LIST_PRICES;
