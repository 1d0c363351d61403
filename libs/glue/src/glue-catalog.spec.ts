import { CreateDatabaseCommand, CreateTableCommand, GetTableCommand, GetTablesCommand, GlueClient, UpdateTableCommand, type Table } from '@aws-sdk/client-glue';
import type { Release, ReleaseTable } from '@inlet/manifest';
import { prepareMinistack, present, skipAloud, type RunningMinistack } from '@inlet/testing';
import { createGlueCatalog } from './index';

const sha256 = 'a'.repeat(64);
const OLD = '20261119T210000Z-aaaaaaaaaaaa';
const NEW = '20261120T210000Z-bbbbbbbbbbbb';

function tableOf(name: string, runId: string, over: Partial<ReleaseTable> = {}): ReleaseTable {
  const files = [{ key: `silver/nsde/version=2026-11-20/run=${runId}/${name}/part-0.parquet`, rows: 1, bytes: 4 }];
  return { name, layer: 'silver', rows: 1, files, columns: [{ name: 'Code', type: 'VARCHAR' }, { name: 'price', type: 'DECIMAL(9,2)' }], quarantined: 0, superseded: 0, ...over };
}

function releaseOf(runId: string, tables: ReleaseTable[]): Release {
  return { runId, version: '2026-11-20', sha256, bytes: 1, publishedAt: '2026-11-20T21:00:00.000Z', fingerprint: sha256, sources: [], tables, schemaChanges: [] };
}

const ministack = prepareMinistack();

if (!ministack.available) {
  skipAloud('the Glue catalog against a real server', ministack.reason);
} else {
  describe('createGlueCatalog', () => {
    let server: RunningMinistack;
    let client: GlueClient;
    let database: string;
    let count = 0;
    const sent: string[] = [];
    beforeAll(async () => {
      server = await ministack.start();
      client = new GlueClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
      client.middlewareStack.add((next, context) => (args) => { sent.push(String(context['commandName'])); return next(args); }, { step: 'initialize' });
    }, 90_000);
    afterAll(async () => {
      client?.destroy();
      await server?.stop();
    });
    beforeEach(async () => {
      database = `inlet_${(count += 1)}`;
      await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
      sent.length = 0;
    });

    const catalog = () => createGlueCatalog({ client, database, lakeBucket: 'lake' });
    const tables = async () => (await client.send(new GetTablesCommand({ DatabaseName: database }))).TableList ?? [];
    const table = async (Name: string): Promise<Table> => present((await client.send(new GetTableCommand({ DatabaseName: database, Name }))).Table);
    const writes = () => sent.filter((name) => !name.startsWith('Get'));

    it('registers the silver and gold tables with columns, place and release, and no others', async () => {
      await catalog().register('nsde', releaseOf(NEW, [tableOf('elements', NEW), tableOf('Counts', NEW, { layer: 'gold' }), tableOf('raw', NEW, { layer: 'bronze' }), tableOf('bad', NEW, { layer: 'quarantine' })]));
      expect((await tables()).map(({ Name }) => Name).sort()).toEqual(['counts', 'elements']);
      expect(await table('elements')).toMatchObject({
        TableType: 'EXTERNAL_TABLE',
        Parameters: { EXTERNAL: 'TRUE', classification: 'parquet', 'inlet.dataset': 'nsde', 'inlet.layer': 'silver', 'inlet.run_id': NEW, 'inlet.sha256': sha256 },
        StorageDescriptor: {
          Location: `s3://lake/silver/nsde/version=2026-11-20/run=${NEW}/elements/`,
          Columns: [{ Name: 'code', Type: 'string' }, { Name: 'price', Type: 'decimal(9,2)' }],
          SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      });
    });

    it('points at another release, back and forth, and writes nothing where nothing is new', async () => {
      for (const runId of [OLD, NEW, OLD]) {
        await catalog().register('nsde', releaseOf(runId, [tableOf('elements', runId)]));
        expect((await table('elements')).StorageDescriptor?.Location).toContain(`run=${runId}/`);
      }
      expect(writes()).toEqual(['CreateTableCommand', 'UpdateTableCommand', 'UpdateTableCommand']);
      sent.length = 0;
      await catalog().register('nsde', releaseOf(OLD, [tableOf('elements', OLD)]));
      expect(writes()).toEqual([]);
    });

    it('follows a change of type that moved no file', async () => {
      await catalog().register('nsde', releaseOf(NEW, [tableOf('elements', NEW)]));
      await catalog().register('nsde', releaseOf(NEW, [tableOf('elements', NEW, { columns: [{ name: 'code', type: 'BIGINT' }] })]));
      expect((await table('elements')).StorageDescriptor?.Columns).toEqual([{ Name: 'code', Type: 'bigint' }]);
    });

    it('takes tables out that the release no longer has, and leaves those of others alone', async () => {
      await client.send(new CreateTableCommand({ DatabaseName: database, TableInput: { Name: 'theirs', Parameters: { 'inlet.dataset': 'cder' } } }));
      await catalog().register('nsde', releaseOf(OLD, [tableOf('elements', OLD), tableOf('gone', OLD)]));
      await catalog().register('nsde', releaseOf(NEW, [tableOf('elements', NEW)]));
      expect((await tables()).map(({ Name }) => Name).sort()).toEqual(['elements', 'theirs']);
    });

    it('never changes a table that it did not make, and then writes nothing at all', async () => {
      await client.send(new CreateTableCommand({ DatabaseName: database, TableInput: { Name: 'elements', StorageDescriptor: { Location: 's3://theirs/' } } }));
      sent.length = 0;
      await expect(catalog().register('nsde', releaseOf(NEW, [tableOf('aaa', NEW), tableOf('elements', NEW)]))).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringContaining(`${database}.elements`) });
      expect(writes()).toEqual([]);
      expect((await table('elements')).StorageDescriptor?.Location).toBe('s3://theirs/');
    });

    it('names the column and the type that Athena cannot read, before it writes anything', async () => {
      const release = releaseOf(NEW, [tableOf('aaa', NEW), tableOf('elements', NEW, { columns: [{ name: 'id', type: 'UUID' }] })]);
      await expect(catalog().register('nsde', release)).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(/elements\.id.*found UUID.*models\/elements\.sql/) });
      expect(sent).toEqual([]);
    });

    it('refuses a table whose files lie in two folders', async () => {
      const files = ['a', 'b'].map((folder) => ({ key: `silver/nsde/${folder}/part-0.parquet`, rows: 1, bytes: 1 }));
      await expect(catalog().register('nsde', releaseOf(NEW, [tableOf('elements', NEW, { files })]))).rejects.toThrow(/found 2 folders/);
    });

    it('lets a registration that came in between stand, and asks to try again', async () => {
      await catalog().register('nsde', releaseOf(OLD, [tableOf('elements', OLD)]));
      const between = new GlueClient({ endpoint: server.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
      between.middlewareStack.add((next, context) => async (args) => {
        if (context['commandName'] === 'UpdateTableCommand') await client.send(new UpdateTableCommand({ DatabaseName: database, TableInput: { Name: 'elements', Description: 'meanwhile' } }));
        return next(args);
      }, { step: 'initialize' });
      const late = createGlueCatalog({ client: between, database, lakeBucket: 'lake' }).register('nsde', releaseOf(NEW, [tableOf('elements', NEW)]));
      await expect(late).rejects.toMatchObject({ name: 'TransientError' });
      expect((await table('elements')).Description).toBe('meanwhile');
      between.destroy();
    });

    it('says which database is missing', async () => {
      const nowhere = createGlueCatalog({ client: failing('EntityNotFoundException'), database: 'nowhere', lakeBucket: 'lake' });
      await expect(nowhere.register('nsde', releaseOf(NEW, []))).rejects.toMatchObject({ name: 'ConfigError', message: expect.stringContaining('npx nx deploy') });
    });
  });
}

describe('createGlueCatalog, with many tables', () => {
  it('sends the writes together, eight at a time, and deletes only after them', async () => {
    const gone = { Name: 'gone', Parameters: { 'inlet.dataset': 'nsde' } };
    const calls: string[] = [];
    let [atWork, most] = [0, 0];
    const send = async ({ constructor: { name } }: object) => {
      calls.push(name);
      most = Math.max(most, (atWork += 1));
      await new Promise((resolve) => setImmediate(resolve));
      atWork -= 1;
      return name === 'GetTablesCommand' ? { TableList: [gone] } : {};
    };
    const names = Array.from({ length: 20 }, (_, index) => `t${index}`);
    await createGlueCatalog({ client: { send } as unknown as GlueClient, database: 'd', lakeBucket: 'lake' }).register('nsde', releaseOf(NEW, names.map((name) => tableOf(name, NEW))));
    expect(most).toBe(8);
    expect(calls).toEqual(['GetTablesCommand', ...names.map(() => 'CreateTableCommand'), 'DeleteTableCommand']);
  });

  it('deletes nothing where a table could not be written', async () => {
    const calls: string[] = [];
    const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: { TableInput?: { Name?: string } } }) => {
      calls.push(name);
      if (input.TableInput?.Name === 'b') throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return { TableList: [{ Name: 'gone', Parameters: { 'inlet.dataset': 'nsde' } }] };
    };
    const registered = createGlueCatalog({ client: { send } as unknown as GlueClient, database: 'd', lakeBucket: 'lake' }).register('nsde', releaseOf(NEW, ['a', 'b', 'c'].map((name) => tableOf(name, NEW))));
    await expect(registered).rejects.toMatchObject({ name: 'TransientError', message: expect.stringContaining('d.b') });
    expect(calls).toEqual(['GetTablesCommand', 'CreateTableCommand', 'CreateTableCommand', 'CreateTableCommand']);
  });
});

/** A client whose every call fails with an error of this name: the emulator lists the tables of a database that does not exist. */
function failing(name: string): GlueClient {
  return { send: () => Promise.reject(Object.assign(new Error(name), { name })) } as unknown as GlueClient;
}
