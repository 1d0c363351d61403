import { isRehearsed, listAwsCommands } from './guide-commands';

describe('listAwsCommands', () => {
  it('finds what works on AWS in blocks and between backquotes, without notes, and each once', () => {
    const page = ['`npx nx deploy lake` and `npx inlet redrive nsde --aws`, not `npx nx test lake`.', '```sh', 'npx nx deploy lake    # online: takes minutes', 'npx inlet query \\', '  "select 1" --aws  # online', 'npx inlet run nsde', 'aws s3 ls', '```', '```text', 'npx nx deploy other', '```', ''].join('\n');
    expect(listAwsCommands(page)).toEqual(['npx nx deploy lake', 'npx inlet redrive nsde --aws', 'npx inlet query "select 1" --aws']);
  });
});

describe('isRehearsed', () => {
  const run = [
    ['nx', 'deploy', 'lake', '--app', '/tmp/x', '--context', 'a=b'],
    ['inlet', 'query', 'select count(*) from x', '--format', 'json', '--aws', '--region', 'us-east-1'],
    ['inlet', 'gc', '--dry-run', '--aws'],
    ['inlet', 'rollback', 'nsde', '--to', 'x', '--aws'],
  ];

  it.each(['npx nx deploy lake', 'npx nx deploy lake --context other=1', 'npx inlet query "select 1 + 1" --aws', 'npx inlet gc --aws --dry-run', 'npx inlet rollback nsde --to <run> --aws'])('knows %s again', (command) => {
    expect(isRehearsed(command, run)).toBe(true);
  });

  it.each([
    ['another project', 'npx nx deploy nsde'],
    ['another command', 'npx nx diff lake'],
    ['an option that was not run', 'npx nx deploy lake --force'],
    ['no option where one was run that changes what is done', 'npx inlet gc --aws'],
    ['a place of its own instead of an option', 'npx inlet rollback nsde --aws'],
    ['a lake on this machine', 'npx inlet gc --dry-run'],
  ])('tells %s from what was run', (_what, command) => {
    expect(isRehearsed(command, run)).toBe(false);
  });
});
