/** One DynamoDB table as the ledger uses it: consistent reads, conditional writes that answer yes or no, and retries where writers collide. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '@inlet/time';
import { describeDynamoError, isConditionFailure, isConflict } from './dynamo-error';
import type { Item, ItemKey } from './dynamo-items';

export interface DynamoTableOptions {
  client: DynamoDBClient;
  table: string;
  clock: Clock;
  /** From 0 to 1, for the jitter of retries. */
  random: () => number;
}

/** What must hold for a write: an expression over the names and values of the attributes it mentions. */
export interface Condition {
  expression: string;
  values?: Item;
}

/** One part of a transaction. */
export type Write =
  | { put: ItemKey & Item; condition?: Condition }
  | { update: ItemKey; set: Item; condition?: Condition }
  | { delete: ItemKey };

export interface QueryRequest {
  partition: string;
  sortKeyPrefix?: string;
  newestFirst?: boolean;
  /** Only items that live longer than this many seconds since 1970; undefined for items without a time to live. */
  livingAt?: number;
  /** How many items one request asks for; more are asked for as they are wanted. */
  pageItems?: number;
}

const CONFLICT_TRIES = 8;
const FIRST_DELAY_MS = 25;
const LONGEST_DELAY_MS = 1_000;

export class DynamoTable {
  /** Names the table in errors. */
  readonly where: string;
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor({ client, table, clock, random }: DynamoTableOptions) {
    this.where = `DynamoDB table ${table}`;
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    this.#table = table;
    this.#clock = clock;
    this.#random = random;
  }

  async get(Key: ItemKey): Promise<Item | undefined> {
    try {
      return (await this.#client.send(new GetCommand({ TableName: this.#table, Key, ConsistentRead: true }))).Item;
    } catch (error) {
      throw describeDynamoError(error, 'The ledger cannot be read', this.where);
    }
  }

  /** In sort key order. Reads a page at a time. */
  async *query({ partition, sortKeyPrefix = '', newestFirst = false, livingAt, pageItems }: QueryRequest): AsyncGenerator<Item> {
    const values: Item = { ':pk': partition };
    if (sortKeyPrefix !== '') values[':sk'] = sortKeyPrefix;
    if (livingAt !== undefined) values[':now'] = livingAt;
    let ExclusiveStartKey: Item | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: sortKeyPrefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
        FilterExpression: livingAt === undefined ? undefined : 'expiresAt > :now',
        ExpressionAttributeValues: values,
        ScanIndexForward: !newestFirst,
        Limit: pageItems,
        ExclusiveStartKey,
      });
      const page = await this.#client.send(command).catch((error: unknown) => {
        throw describeDynamoError(error, 'The ledger cannot be read', this.where);
      });
      yield* page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }

  /** The item as it is afterwards; undefined when the condition does not hold. `expression` is an update expression. */
  async update(Key: ItemKey, { expression, values }: Condition, condition: Condition): Promise<Item | undefined> {
    const command = () =>
      new UpdateCommand({
        TableName: this.#table,
        Key,
        UpdateExpression: expression,
        ConditionExpression: condition.expression,
        ExpressionAttributeValues: { ...values, ...condition.values },
        ReturnValues: 'ALL_NEW',
      });
    const answer = await this.#write(() => this.#client.send(command()));
    return answer && (answer.Attributes ?? {});
  }

  /** False when the condition does not hold. */
  async delete(Key: ItemKey, condition: Condition): Promise<boolean> {
    const command = () =>
      new DeleteCommand({ TableName: this.#table, Key, ConditionExpression: condition.expression, ExpressionAttributeValues: condition.values });
    return (await this.#write(() => this.#client.send(command()))) !== undefined;
  }

  /** All of it or nothing. False when a condition does not hold. */
  async transact(writes: readonly Write[]): Promise<boolean> {
    const TransactItems = writes.map((write) => this.#buildPart(write));
    return (await this.#write(() => this.#client.send(new TransactWriteCommand({ TransactItems })))) !== undefined;
  }

  #buildPart(write: Write): NonNullable<TransactWriteCommandInput['TransactItems']>[number] {
    const TableName = this.#table;
    if ('delete' in write) return { Delete: { TableName, Key: write.delete } };
    const condition = { ConditionExpression: write.condition?.expression };
    if ('put' in write) return { Put: { TableName, Item: write.put, ...condition, ExpressionAttributeValues: write.condition?.values } };
    const { expression, values } = setAll(write.set);
    return { Update: { TableName, Key: write.update, UpdateExpression: expression, ...condition, ExpressionAttributeValues: { ...values, ...write.condition?.values } } };
  }

  /** undefined when a condition does not hold. The SDK itself retries throttling and faults of the server, but not what transactions do to each other. */
  async #write<T>(send: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await send();
      } catch (error) {
        if (isConditionFailure(error)) return undefined;
        if (!isConflict(error) || tries >= CONFLICT_TRIES) throw describeDynamoError(error, 'The ledger cannot be written', this.where);
        await this.#clock.sleep(this.#random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries));
      }
    }
  }
}

/** The update expression that sets each attribute; none of the ledger's names is a reserved word of DynamoDB. */
export function setAll(attributes: Item): Required<Condition> {
  const names = Object.keys(attributes);
  return {
    expression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
    values: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
  };
}
