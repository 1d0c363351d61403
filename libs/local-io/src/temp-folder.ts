/** Where a local lake keeps what is no object: locks, writes under way, and the scratch folders of runs. */
import path from 'node:path';

export const TEMP_FOLDER = 'tmp';

/** Never deleted while anything runs: whoever finds another file in its place locks nobody out. */
export const locksPath = (root: string) => path.join(root, TEMP_FOLDER, 'locks.sqlite');
export const writesFolder = (root: string) => path.join(root, TEMP_FOLDER, 'writes');
export const runsFolder = (root: string) => path.join(root, TEMP_FOLDER, 'runs');
