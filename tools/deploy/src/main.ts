/** `deploy <synth|diff|deploy> <folder> …`, for the Nx targets of the same names. Run from the workspace's root. */
import { InletError, UsageError } from '@inlet/errors';
import { runCommand } from './run-command';

runCommand(process.argv.slice(2), { workspaceRoot: process.cwd(), env: process.env }).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof InletError ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
