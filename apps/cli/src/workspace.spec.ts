import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPlaces } from './workspace';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'workspace-'));
  mkdirSync(path.join(root, 'domains/nsde'), { recursive: true });
  writeFileSync(path.join(root, 'nx.json'), '{}');
});
afterAll(() => rmSync(root, { recursive: true }));

describe('findPlaces', () => {
  const cwd = () => path.join(root, 'domains/nsde');

  it('finds the workspace upwards, and keeps the lake in it', () => {
    expect(findPlaces({ cwd: cwd(), env: {}, installRoot: '/elsewhere' })).toEqual({
      workspaceRoot: root,
      domainsDir: path.join(root, 'domains'),
      lakeRoot: path.join(root, '.inlet'),
    });
  });
  it('takes the workspace it was installed from where there is none around', () => {
    expect(findPlaces({ cwd: tmpdir(), env: {}, installRoot: root }).workspaceRoot).toBe(root);
  });
  it('takes the lake from INLET_LAKE, and before that from --lake, relative to where the person stands', () => {
    const env = { INLET_LAKE: 'there' };
    expect(findPlaces({ cwd: cwd(), env, installRoot: root }).lakeRoot).toBe(path.join(cwd(), 'there'));
    expect(findPlaces({ cwd: cwd(), env, installRoot: root }, 'here').lakeRoot).toBe(path.join(cwd(), 'here'));
    expect(findPlaces({ cwd: cwd(), env: { INLET_LAKE: '' }, installRoot: root }).lakeRoot).toBe(path.join(root, '.inlet'));
  });
});
