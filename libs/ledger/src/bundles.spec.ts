import path from 'node:path';
import { buildSync } from 'esbuild';

const WORKSPACE = path.resolve(__dirname, '../../..');

/** The bundle of a program that uses one thing of this library: its text, and every file that has a part in it. */
function bundle(name: string): { text: string; files: string[] } {
  const { outputFiles, metafile } = buildSync({
    stdin: { contents: `import { ${name} } from '@inlet/ledger'; console.log(${name});`, resolveDir: __dirname },
    bundle: true,
    write: false,
    metafile: true,
    minifySyntax: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outfile: 'index.mjs',
    tsconfig: path.join(WORKSPACE, 'tsconfig.base.json'),
    logLevel: 'silent',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return { text: outputFiles[0]?.text ?? '', files: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file) };
}

describe('a bundle of part of this library', () => {
  it('holds no SQLite when only the DynamoDB ledger is used', () => {
    const { text, files } = bundle('createDynamoLedger');
    expect(text).toContain('TransactWriteItems');
    expect(text).not.toContain('node:sqlite');
    expect(files.filter((file) => /sqlite|ledger-schema|local-io/.test(file))).toEqual([]);
  });

  it('holds no AWS SDK when only the embedded ledger is used', () => {
    const { text, files } = bundle('createSqliteLedger');
    expect(text).toContain('node:sqlite');
    expect(files.filter((file) => /@aws-sdk|@smithy|dynamo/.test(file))).toEqual([]);
  });
});
