/** `templates <update|check>`, for the Nx targets of the same names. Run from the workspace's root. */
import { findDrift, synthesizeBaselines, writeBaselines } from './baselines';

async function main([command]: readonly string[]): Promise<void> {
  if (command !== 'update' && command !== 'check') {
    console.error('usage: templates <update|check>');
    process.exitCode = 2;
    return;
  }
  const workspaceRoot = process.cwd();
  const templates = await synthesizeBaselines(workspaceRoot);
  if (command === 'update') {
    const changed = writeBaselines(workspaceRoot, templates);
    console.log(changed.length === 0 ? 'Every baseline is up to date.' : `Written: ${changed.join(', ')}`);
    return;
  }
  const drift = findDrift(workspaceRoot, templates);
  console.log(drift.length === 0 ? 'Every template is as its baseline.' : drift.join('\n\n'));
  if (drift.length > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
