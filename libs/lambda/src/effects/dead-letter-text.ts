/** A dead letter as text: what a queue keeps, and what is read from it again. */
import type { DeadLetter } from '@inlet/pipeline';
import { z } from 'zod';
import { shorten } from './message-text';

/** Of a message with its attributes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const MOST_BYTES = 256 * 1024 - 1024;
const MOST_MESSAGE_CHARACTERS = 8_000;

const DeadLetterSchema = z.object({
  dataset: z.string(),
  executionId: z.string(),
  // Kept as it is, whatever its keys are called: a record of zod's would lose one named __proto__.
  input: z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  error: z.object({ name: z.string(), message: z.string() }),
  at: z.string(),
});
const OmittedSchema = z.object({ inputOmittedBytes: z.int() });

/** Never longer than SQS takes. An input that is too long is left out, and its length told: it can only have been wrong. */
export function writeDeadLetter({ dataset, executionId, input, error, at }: DeadLetter): string {
  const short = { name: shorten(error.name, 200), message: shorten(error.message, MOST_MESSAGE_CHARACTERS) };
  const body = JSON.stringify({ dataset, executionId, input, error: short, at });
  if (Buffer.byteLength(body) <= MOST_BYTES) return body;
  const inputOmittedBytes = Buffer.byteLength(JSON.stringify(input));
  return JSON.stringify({ dataset, executionId, input: {}, inputOmittedBytes, error: short, at });
}

/** undefined for a text that is no dead letter. */
export function parseDeadLetter(text: string): { letter: DeadLetter; inputOmittedBytes?: number } | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data: letter } = DeadLetterSchema.safeParse(json);
  return letter && { letter, inputOmittedBytes: OmittedSchema.safeParse(json).data?.inputOmittedBytes };
}
