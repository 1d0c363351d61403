import { describeObjectStoreContract, tempDir } from '@inlet/testing';
import { createLocalStore } from './index';

describeObjectStoreContract('createLocalStore', async () => ({ store: createLocalStore({ root: tempDir() }), cleanup: async () => undefined }));
