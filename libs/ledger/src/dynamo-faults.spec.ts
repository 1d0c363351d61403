import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { types } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PermanentError, TransientError } from '@inlet/errors';
import type { Ledger, RunOwner } from '@inlet/pipeline';
import { buildRunRecord } from '@inlet/testing';
import { fixedClock } from '@inlet/time';
import { createDynamoLedger } from './index';

// Jest runs specs in a realm of their own, where Node's errors are no `instanceof Error`; the SDK asks just that to tell network faults.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, error: unknown): boolean {
    return this === Error ? types.isNativeError(error) : Function.prototype[Symbol.hasInstance].call(this as () => void, error);
  },
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const START = '2026-11-20T21:00:00.000Z';
const OWNER: RunOwner = { executionId: 'e1', host: 'h', pid: 1 };
const EMPTY: Answer = { status: 200, body: {} };

const failure = (status: number, type: string, more: Record<string, unknown> = {}): Answer => ({
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'because', ...more },
});
const cancelled = (...codes: string[]) => failure(400, 'TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });

describe('a DynamoDB ledger whose server or network fails', () => {
  let server: Server;
  let client: DynamoDBClient;
  let ledger: Ledger;
  let operations: string[];
  let sleeps: number[];
  /** undefined drops the connection. */
  let answer: (operation: string) => Answer | undefined;

  beforeEach(async () => {
    [operations, sleeps] = [[], []];
    server = createServer(async (request: IncomingMessage, response) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      operations.push(operation);
      request.resume();
      await once(request, 'end');
      const answered = answer(operation);
      if (answered === undefined) return void request.socket.destroy();
      response.writeHead(answered.status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answered.body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      maxAttempts: 2,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-of-ours' },
    });
    const clock = { ...fixedClock(START), sleep: async (milliseconds: number) => void sleeps.push(milliseconds) };
    ledger = createDynamoLedger({ client, table: 'runs', isAlive: () => true, clock, random: () => 0.5 });
  });
  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const calls: [string, () => Promise<unknown>][] = [
    ['beginRun', () => ledger.beginRun({ dataset: 'a', owner: OWNER, requestedAt: new Date(START) })],
    ['nameRun', () => ledger.nameRun('e1', 'run-1')],
    ['endRun', () => ledger.endRun('e1', buildRunRecord('a', new Date(START)))],
    ['openRuns', () => ledger.openRuns()],
    ['openRuns of one dataset', () => ledger.openRuns('a')],
    ['acquireLease', () => ledger.acquireLease('a', OWNER, 60_000)],
    ['releaseLease', () => ledger.releaseLease('a', 'e1')],
    ['listRuns', () => ledger.listRuns({})],
    ['getRun', () => ledger.getRun('run-1')],
  ];

  it.each(calls)('%s answers throttling with TransientError, after the client tried again', async (_name, call) => {
    answer = () => failure(400, 'ProvisionedThroughputExceededException');
    await expect(call()).rejects.toThrow(TransientError);
    expect(operations).toHaveLength(2);
  });

  it.each(calls)('%s answers a fault of the server with TransientError', async (_name, call) => {
    answer = () => failure(500, 'InternalServerError');
    await expect(call()).rejects.toThrow(TransientError);
  });

  it.each(calls)('%s answers a dropped connection with TransientError', async (_name, call) => {
    answer = () => undefined;
    await expect(call()).rejects.toThrow(TransientError);
  });

  it.each(calls)('%s answers a missing right with PermanentError that names the table and the rights, and no secret', async (_name, call) => {
    answer = () => failure(400, 'AccessDeniedException');
    const error = await call().then(() => undefined, (thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(PermanentError);
    expect(error?.message).toMatch(/DynamoDB table runs.*AccessDeniedException.*Give this identity dynamodb:GetItem/);
    expect(error?.message).not.toContain('a-secret-of-ours');
  });

  it.each([
    ['ResourceNotFoundException', /deploy the base stack/],
    ['ExpiredTokenException', /renew the keys/],
    ['KMSDisabledException', /KMS key is enabled/],
  ])('%s is permanent, with a next step', async (type, nextStep) => {
    answer = () => failure(400, type);
    await expect(ledger.listRuns({})).rejects.toThrow(PermanentError);
    await expect(ledger.listRuns({})).rejects.toThrow(nextStep);
  });

  it('tries a transaction again that met another one, later each time', async () => {
    const conflicts = [cancelled('TransactionConflict', 'None'), cancelled('None', 'TransactionConflict'), cancelled('TransactionConflict', 'TransactionConflict')];
    answer = (operation) => (operation === 'TransactWriteItems' ? (conflicts.shift() ?? EMPTY) : EMPTY);
    await ledger.endRun('e1', buildRunRecord('a', new Date(START)));
    expect(operations.filter((operation) => operation === 'TransactWriteItems')).toHaveLength(4);
    expect(sleeps).toEqual([25, 50, 100]);
  });

  it('gives up on a conflict that does not end, with TransientError', async () => {
    answer = (operation) => (operation === 'UpdateItem' ? failure(400, 'TransactionConflictException') : EMPTY);
    await expect(ledger.acquireLease('a', OWNER, 60_000)).rejects.toThrow(TransientError);
    expect(operations.filter((operation) => operation === 'UpdateItem').length).toBeLessThan(20);
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(500);
  });

  it('gives up when someone else is faster every time, with TransientError that says so', async () => {
    answer = (operation) => (operation === 'TransactWriteItems' ? cancelled('ConditionalCheckFailed', 'None', 'None', 'None') : EMPTY);
    await expect(ledger.endRun('e1', buildRunRecord('a', new Date(START)))).rejects.toThrow(TransientError);
    await expect(ledger.endRun('e1', buildRunRecord('a', new Date(START)))).rejects.toThrow('other writers each time');
  });

  it('does not try again what is wrong with the transaction itself', async () => {
    answer = (operation) => (operation === 'TransactWriteItems' ? cancelled('ValidationError') : EMPTY);
    await expect(ledger.endRun('e1', buildRunRecord('a', new Date(START)))).rejects.toThrow(PermanentError);
    expect(operations.filter((operation) => operation === 'TransactWriteItems')).toHaveLength(1);
  });

  it('takes its own lease for its own when the answer to the first request was lost', async () => {
    let taken: Record<string, unknown> | undefined;
    answer = (operation) => {
      if (operation === 'GetItem') return { status: 200, body: taken === undefined ? {} : { Item: taken } };
      if (taken !== undefined && operations.filter((name) => name === 'UpdateItem').length === 2) return failure(400, 'ConditionalCheckFailedException');
      if (taken !== undefined) return EMPTY;
      taken = { executionId: { S: 'e1' }, host: { S: 'h' }, pid: { N: '1' }, since: { N: '1795208400000' }, heldUntil: { N: '1795208460000' } };
      return undefined;
    };
    await ledger.acquireLease('a', OWNER, 60_000);
    expect(operations).toEqual(['GetItem', 'UpdateItem', 'UpdateItem', 'GetItem', 'UpdateItem']);
  });
});
