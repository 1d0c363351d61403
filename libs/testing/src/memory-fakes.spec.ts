import { describeLedgerContract, describeObjectStoreContract, memoryLedger, memoryStore } from './index';

describeObjectStoreContract('memoryStore', async () => ({ store: memoryStore(), cleanup: async () => undefined }));

describeLedgerContract('memoryLedger', async (setting) => {
  const ledger = memoryLedger(setting);
  return { ledger, connectAgain: async () => ledger, cleanup: async () => undefined };
});
