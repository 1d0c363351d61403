/** Entry of the `samples` tool: writes sample releases, prints their paths. */
import { UsageError } from '@inlet/errors';
import { runSamplesCommand, USAGE } from './commands';

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  try {
    for (const path of await runSamplesCommand(args)) process.stdout.write(`${path}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

void main();
