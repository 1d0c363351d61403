import { BenchError, runNode } from './measured-process';

const cwd = __dirname;

it('takes the time from start to end, and of each line of stderr when it came', async () => {
  const script = "console.error('first'); setTimeout(() => { console.error('second'); console.log('result'); }, 200)";
  const { wallMs, stdout, lines } = await runNode(['-e', script], { cwd });
  expect(stdout).toBe('result\n');
  expect(lines.map(({ text }) => text)).toEqual(['first', 'second']);
  const [first, second] = lines.map(({ atMs }) => atMs) as [number, number];
  expect(second - first).toBeGreaterThan(100);
  expect(wallMs).toBeGreaterThanOrEqual(second);
});

it('keeps what npm and the shell say from the measured process', async () => {
  jest.replaceProperty(process, 'env', { ...process.env, npm_config_example: 'x', NODE_OPTIONS: '--no-warnings' });
  const { stdout } = await runNode(['-e', "console.log(Object.keys(process.env).filter((name) => /^(npm_|NODE_)/.test(name)).join())"], { cwd });
  expect(stdout).toBe('\n');
});

afterEach(() => jest.restoreAllMocks());

it('refuses a process that fails, with what it said', async () => {
  const run = runNode(['-e', "console.log('half'); console.error('too bad'); process.exitCode = 3"], { cwd });
  await expect(run).rejects.toThrow(BenchError);
  await expect(run).rejects.toThrow(/found 3:\nhalf\n\ntoo bad/);
});

it('refuses a time that holds a build, unless it is not measured', async () => {
  const building = ['-e', "console.error('Building inlet (once) …')"];
  await expect(runNode(building, { cwd })).rejects.toThrow('The sources changed while they were measured');
  await expect(runNode(building, { cwd, mayBuild: true })).resolves.toMatchObject({ stdout: '' });
});
