import type { GlueClient } from '@aws-sdk/client-glue';
import type { Athena, AthenaResult } from './athena';
import { createSingleReleaseAthena } from './single-release';

const JOIN = 'select 1 from inlet_cder.products join inlet_cder.packages using (id)';

type Runs = Record<string, string | undefined>;

/** Glue and Athena from a script: the runs of the tables, look by look (the last one stays), with the answer of Athena noted between them. */
function scripted(looks: Runs[], failure?: Error) {
  const calls: string[] = [];
  let seen: Runs = {};
  const tables = new Set<string>();
  const send = async ({ input: { DatabaseName, Name } }: { input: { DatabaseName: string; Name: string } }) => {
    if (failure !== undefined) throw failure;
    const key = `${DatabaseName}.${Name}`;
    // A table asked for again begins the next look.
    if (tables.size === 0 || tables.has(key)) {
      tables.clear();
      calls.push('look');
      seen = (looks.length > 1 ? looks.shift() : looks[0]) ?? {};
    }
    tables.add(key);
    if (!(key in seen)) throw Object.assign(new Error('no table'), { name: 'EntityNotFoundException' });
    const [runId, version] = (seen[key] ?? '').split('@');
    return { Table: { DatabaseName, Name, VersionId: version, Parameters: runId === '' ? {} : { 'inlet.dataset': DatabaseName.replace('inlet_', ''), 'inlet.run_id': runId } } };
  };
  const run: Athena['run'] = async (sql, options) => {
    options?.signal?.throwIfAborted();
    calls.push(sql);
    const result: AthenaResult = { columns: [], rows: (async function* () {})(), scannedBytes: 10 };
    return result;
  };
  const athena = createSingleReleaseAthena({ athena: { run }, glue: { send } as unknown as GlueClient, databases: ['inlet_cder', 'inlet_nsde'], pauseMs: 1 });
  return { athena, calls };
}

const both = (products: string, packages = products): Runs => ({ 'inlet_cder.products': products, 'inlet_cder.packages': packages });

describe('createSingleReleaseAthena', () => {
  it('asks once where the tables are of one release before and after', async () => {
    const { athena, calls } = scripted([both('a')]);
    expect(await athena.run(JOIN)).toMatchObject({ scannedBytes: 10 });
    expect(calls).toEqual(['look', JOIN, 'look']);
  });

  it.each([
    ['half of them have followed a release', [both('b', 'a'), both('b')], ['look', 'look', JOIN, 'look'], 10],
    ['a release came in between', [both('a'), both('b'), both('b'), both('b')], ['look', JOIN, 'look', 'look', JOIN, 'look'], 20],
    ['half of a release came in between', [both('a'), both('b', 'a'), both('b', 'a'), both('b')], ['look', JOIN, 'look', 'look', 'look', JOIN, 'look'], 20],
    ['they have been away and are back', [both('a@1'), both('a@3'), both('a@3')], ['look', JOIN, 'look', 'look', JOIN, 'look'], 20],
    ['a table has come', [{ 'inlet_cder.products': 'a' }, both('a'), both('a')], ['look', JOIN, 'look', 'look', JOIN, 'look'], 20],
  ])('asks again where %s', async (_why, looks, expected, scannedBytes) => {
    const { athena, calls } = scripted(looks);
    expect(await athena.run(JOIN)).toMatchObject({ scannedBytes });
    expect(calls).toEqual(expected);
  });

  it('gives up the third time, and says how tables that stay apart come together', async () => {
    const { athena, calls } = scripted([both('b', 'a')]);
    await expect(athena.run(JOIN)).rejects.toMatchObject({
      name: 'TransientError',
      message: expect.stringMatching(/\(inlet_cder\.products, inlet_cder\.packages\): expected one release .*, found b and a\. Run it again in a minute\..*`npx inlet rollback cder --to <run id> --aws`/),
    });
    expect(calls).toEqual(['look', 'look', 'look']);
  });

  it('gives up where releases come one after the other', async () => {
    const { athena, calls } = scripted(['a', 'b', 'c', 'd', 'e', 'f'].map((runId) => both(runId)));
    await expect(athena.run(JOIN)).rejects.toThrow(/found f\. Run it again: a release was published meanwhile\./);
    expect(calls.filter((call) => call === JOIN)).toHaveLength(3);
  });

  it.each([
    ['one table', 'select 1 from inlet_cder.products a, inlet_cder.products b'],
    ['tables of two datasets', 'select 1 from inlet_cder.products join inlet_nsde.elements using (id)'],
    ['tables of others', 'select 1 from x.a join x.b using (id)'],
    ['no table', 'select 42'],
  ])('looks at nothing for a query of %s', async (_what, sql) => {
    const { athena, calls } = scripted([both('b', 'a')]);
    await athena.run(sql);
    expect(calls).toEqual([sql]);
  });

  it('leaves aside tables that are none of Inlet\'s, and releases of other datasets', async () => {
    const { athena, calls } = scripted([{ ...both('a'), 'inlet_cder.theirs': '', 'inlet_nsde.elements': 'n', 'inlet_nsde.counts': 'n' }]);
    const sql = `${JOIN} join inlet_cder.theirs using (id), inlet_nsde.elements, inlet_nsde.counts`;
    await athena.run(sql);
    expect(calls).toEqual(['look', sql, 'look']);
  });

  it('stops when it is told to', async () => {
    const { athena } = scripted([both('b', 'a')]);
    await expect(athena.run(JOIN, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });

  it('says where Glue does not let it look', async () => {
    const { athena } = scripted([both('a')], Object.assign(new Error('User: x is not authorized to perform: glue:GetTable on resource: y'), { name: 'AccessDeniedException' }));
    await expect(athena.run(JOIN)).rejects.toMatchObject({ name: 'PermanentError', message: expect.stringMatching(/inlet_cder\.products\): expected the right glue:GetTable/) });
  });
});
