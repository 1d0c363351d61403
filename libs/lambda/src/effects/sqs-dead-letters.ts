/** Dead letters in an SQS queue: each with the input that caused it, so that it can be sent on its way again. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
  type MessageAttributeValue,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describeAwsFailure } from '@inlet/aws-failure';
import { PermanentError } from '@inlet/errors';
import type { DeadLetter, DeadLetterBox, ReceivedDeadLetter } from '@inlet/pipeline';
import { parseDeadLetter, writeDeadLetter } from './dead-letter-text';

/** A received letter is hidden for so long: a redrive takes seconds, and one that dies gives its letter back. */
const HIDDEN_SECONDS = 120;
/** As many as one request takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const BATCH = 10;
const MOST_LETTERS = 1_000;

export interface SqsDeadLetterOptions {
  client: SQSClient;
  /** Shared by all datasets; other senders' messages in it are left alone. */
  queueUrl: string;
}

/** A letter that is sent again after a fault may arrive twice; its `executionId` is the same. */
export function createSqsDeadLetters(options: SqsDeadLetterOptions): DeadLetterBox {
  return new SqsDeadLetters(options);
}

class SqsDeadLetters implements DeadLetterBox {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor({ client, queueUrl }: SqsDeadLetterOptions) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send(letter: DeadLetter): Promise<void> {
    const attribute = (value: string): MessageAttributeValue => ({ DataType: 'String', StringValue: value });
    const attributes = { dataset: attribute(letter.dataset), error: attribute(letter.error.name || 'Error') };
    await this.#try('The dead letter cannot be sent', () =>
      this.#client.send(new SendMessageCommand({ QueueUrl: this.#queueUrl, MessageBody: writeDeadLetter(letter), MessageAttributes: attributes })),
    );
  }

  /** Looks through the queue, and gives back at once what is not the oldest letter of the dataset. Throws PermanentError for a letter whose input was too long to keep. */
  async receive(dataset: string): Promise<ReceivedDeadLetter | undefined> {
    const messages = await this.#receiveAll();
    const own = messages.flatMap((message) => openLetter(message, dataset)).sort((a, b) => compareText(a.letter.at, b.letter.at));
    const [oldest] = own;
    await Promise.all(messages.filter((message) => message !== oldest?.message).map((message) => this.#giveBack(message)));
    if (oldest === undefined) return undefined;
    const { letter, message } = oldest;
    if (oldest.inputOmittedBytes !== undefined) {
      await this.#giveBack(message);
      throw new PermanentError({ what: 'The oldest dead letter cannot be sent on its way again', where: letter.executionId, expected: 'its input', found: `none: its ${oldest.inputOmittedBytes} bytes were too many for the queue`, next: 'Start the run by hand, and delete the message in the queue.' });
    }
    return { letter, remove: () => this.#delete(message) };
  }

  async #receiveAll(): Promise<Message[]> {
    const found = new Map<string, Message>();
    while (found.size < MOST_LETTERS) {
      const request = new ReceiveMessageCommand({ QueueUrl: this.#queueUrl, MaxNumberOfMessages: BATCH, VisibilityTimeout: HIDDEN_SECONDS, WaitTimeSeconds: 1 });
      const { Messages = [] } = await this.#try('The dead letters cannot be read', () => this.#client.send(request));
      if (Messages.length === 0) break;
      for (const message of Messages) found.set(message.MessageId ?? '', message);
    }
    return [...found.values()];
  }

  /** One that cannot be given back shows again by itself. */
  async #giveBack({ ReceiptHandle }: Message): Promise<void> {
    await this.#client.send(new ChangeMessageVisibilityCommand({ QueueUrl: this.#queueUrl, ReceiptHandle, VisibilityTimeout: 0 })).catch(() => undefined);
  }

  async #delete({ ReceiptHandle }: Message): Promise<void> {
    await this.#try('The dead letter cannot be removed', () => this.#client.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle })));
  }

  async #try<Result>(what: string, send: () => Promise<Result>): Promise<Result> {
    try {
      return await send();
    } catch (error) {
      throw describeAwsFailure(error, { what, where: this.#queueUrl });
    }
  }
}

/** Nothing where the message is no letter of the dataset. */
function openLetter(message: Message, dataset: string) {
  const parsed = parseDeadLetter(message.Body ?? '');
  return parsed?.letter.dataset === dataset ? [{ ...parsed, message }] : [];
}

const compareText = (a: string, b: string) => (a < b ? -1 : Number(a > b));
