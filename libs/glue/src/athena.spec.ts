import { AthenaClient, CreateWorkGroupCommand, type QueryExecution } from '@aws-sdk/client-athena';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { InterruptedError } from '@inlet/errors';
import { prepareMinistack, skipAloud, type RunningMinistack } from '@inlet/testing';
import { createAthena, type AthenaValue } from './index';

async function collect(rows: AsyncIterable<AthenaValue[]>): Promise<AthenaValue[][]> {
  const collected: AthenaValue[][] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}

interface Script {
  /** What the query is found to be, look by look; the last one stays. */
  looks?: Partial<QueryExecution>[];
  pages?: object[];
  failures?: Record<string, Error>;
}

/** A client that answers from a script, and notes the calls. */
function scripted({ looks = [{ Status: { State: 'SUCCEEDED' } }], pages = [{}], failures = {} }: Script) {
  const calls: { name: string; input: Record<string, unknown> }[] = [];
  const answer = (name: string, input: Record<string, unknown>): object => {
    if (name === 'StartQueryExecutionCommand') return { QueryExecutionId: 'q1' };
    if (name === 'GetQueryExecutionCommand') return { QueryExecution: looks.length > 1 ? looks.shift() : looks[0] };
    if (name === 'GetQueryResultsCommand') return pages[Number(input['NextToken'] ?? 0)] ?? {};
    return {};
  };
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
    const { name } = command.constructor;
    calls.push({ name, input: command.input });
    if (failures[name] !== undefined) throw failures[name];
    return answer(name, command.input);
  };
  const athena = createAthena({ client: { send } as unknown as AthenaClient, workgroup: 'inlet', pollMs: { first: 1, longest: 2 } });
  return { athena, calls, names: () => calls.map(({ name }) => name) };
}

const row = (...values: (string | undefined)[]) => ({ Data: values.map((VarCharValue) => ({ VarCharValue })) });
const page = (rows: object[], types: Record<string, string>, NextToken?: string) => ({
  ResultSet: { Rows: rows, ResultSetMetadata: { ColumnInfo: Object.entries(types).map(([Name, Type]) => ({ Name, Type, Precision: 9, Scale: 2 })) } },
  NextToken,
});

describe('createAthena', () => {
  it('waits for the query, then reads its result page by page, with values of their types', async () => {
    const types = { n: 'bigint', i: 'integer', d: 'double', b: 'boolean', p: 'decimal', t: 'varchar' };
    const { athena, calls, names } = scripted({
      looks: [{ Status: { State: 'QUEUED' } }, { Status: { State: 'RUNNING' } }, { Status: { State: 'SUCCEEDED' }, Statistics: { DataScannedInBytes: 1234 } }],
      pages: [page([row(...Object.keys(types)), row('9007199254740993', '7', '1.5', 'true', '1.50', '')], types, '1'), page([row(undefined, '-7', 'NaN', 'false', undefined, 'x')], {})],
    });
    const { columns, rows, scannedBytes } = await athena.run('select 1');
    expect(columns.map(({ type }) => type)).toEqual(['BIGINT', 'INTEGER', 'DOUBLE', 'BOOLEAN', 'DECIMAL(9,2)', 'VARCHAR']);
    expect(scannedBytes).toBe(1234);
    expect(await collect(rows)).toEqual([[9007199254740993n, 7, 1.5, true, '1.50', ''], [null, -7, NaN, false, null, 'x']]);
    expect(names()).toEqual(['StartQueryExecutionCommand', ...Array<string>(3).fill('GetQueryExecutionCommand'), ...Array<string>(2).fill('GetQueryResultsCommand')]);
    expect(calls[0]?.input).toMatchObject({ QueryString: 'select 1', WorkGroup: 'inlet' });
  });

  it('reads no page that nobody asks for', async () => {
    const { athena, names } = scripted({ pages: [page([row('a'), row('1'), row('2')], { a: 'integer' }, '1'), page([row('3')], {})] });
    const { rows } = await athena.run('select a');
    for await (const [value] of rows) {
      expect(value).toBe(1);
      break;
    }
    expect(names().filter((name) => name === 'GetQueryResultsCommand')).toHaveLength(1);
  });

  it('keeps the first row of a SHOW, which is no header', async () => {
    const { athena } = scripted({ pages: [page([row('elements')], { tab_name: 'string' })] });
    expect(await collect((await athena.run('show tables')).rows)).toEqual([['elements']]);
  });

  it.each([
    ['fails', { Status: { State: 'FAILED', StateChangeReason: 'line 1:8: Column \'x\' cannot be resolved' } }, 'QueryError', /Column 'x' cannot be resolved/],
    ['is stopped by the scan limit', { WorkGroup: 'inlet', Status: { State: 'CANCELLED', StateChangeReason: 'Bytes scanned limit was exceeded' } }, 'QueryError', /athena_scan_limit_bytes.*inlet/],
    ['is stopped by a person', { Status: { State: 'CANCELLED' } }, 'QueryError', /no reason given/],
    ['fails in a way that may pass', { Status: { State: 'FAILED', StateChangeReason: 'exhausted', AthenaError: { Retryable: true } } }, 'TransientError', /exhausted/],
  ] as const)('tells why a query %s', async (_how, look, name, message) => {
    await expect(scripted({ looks: [look] }).athena.run('select x')).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it.each([
    ['InvalidRequestException', 'Queries of this type are not supported', 'QueryError', /not supported/],
    ['AccessDeniedException', 'x is not authorized to perform: athena:StartQueryExecution on y', 'PermanentError', /the right athena:StartQueryExecution/],
  ])('says so when Athena answers %s', async (name, message, expected, text) => {
    const { athena } = scripted({ failures: { StartQueryExecutionCommand: Object.assign(new Error(message), { name }) } });
    await expect(athena.run('x')).rejects.toMatchObject({ name: expected, message: expect.stringMatching(text) });
  });

  it('stops a query that is no longer wanted, and says why it did', async () => {
    const controller = new AbortController();
    const reason = new InterruptedError({ what: 'enough' });
    const { athena, names, calls } = scripted({ looks: [{ Status: { State: 'RUNNING' } }] });
    const running = athena.run('select 1', { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    await expect(running).rejects.toBe(reason);
    expect(names().at(-1)).toBe('StopQueryExecutionCommand');
    expect(calls.at(-1)?.input).toEqual({ QueryExecutionId: 'q1' });
  });

  it('starts nothing when it is stopped beforehand', async () => {
    const { athena, names } = scripted({});
    await expect(athena.run('select 1', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
    expect(names()).toEqual([]);
  });
});

const ministack = prepareMinistack();
const onServer = ministack.available ? describe : describe.skip;
if (!ministack.available) skipAloud('Athena against a real server', ministack.reason);

onServer('createAthena on a real server', () => {
  let server: RunningMinistack;
  let client: AthenaClient;
  beforeAll(async () => {
    if (!ministack.available) return;
    server = await ministack.start();
    const config = { endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    client = new AthenaClient(config);
    await new S3Client({ ...config, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'results' }));
    await client.send(new CreateWorkGroupCommand({ Name: 'inlet', Configuration: { ResultConfiguration: { OutputLocation: 's3://results/' } } }));
  }, 90_000);
  afterAll(async () => {
    client?.destroy();
    await server?.stop();
  });

  it('runs a query in its workgroup', async () => {
    const { columns, rows } = await createAthena({ client, workgroup: 'inlet' }).run('select 42 as answer');
    expect(columns).toEqual([{ name: 'answer', type: 'INTEGER' }]);
    expect(await collect(rows)).toEqual([[42]]);
  });

  it('says what a workgroup without a place for results answers', async () => {
    await expect(createAthena({ client, workgroup: 'other' }).run('select 1')).rejects.toMatchObject({ name: 'QueryError', message: expect.stringContaining('output location') });
  });
});
