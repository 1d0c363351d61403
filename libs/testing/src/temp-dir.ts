/** Folders for tests, removed when their test file is done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const made: string[] = [];

// Registered when the spec imports this module, so that tempDir() may be called inside a test, where Jest takes no hooks.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new, empty folder outside the repository. */
export function tempDir(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'inlet-test-'));
  made.push(folder);
  return folder;
}
