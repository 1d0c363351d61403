import path from 'node:path';
import { describeLedgerContract, tempDir } from '@inlet/testing';
import { createSqliteLedger } from './index';

describeLedgerContract('createSqliteLedger', async (setting) => {
  const file = path.join(tempDir(), 'lake', 'ledger.sqlite');
  const open = [createSqliteLedger({ path: file, ...setting })];
  return {
    ledger: open[0]!,
    connectAgain: async () => {
      const ledger = createSqliteLedger({ path: file, ...setting });
      open.push(ledger);
      return ledger;
    },
    cleanup: async () => void (await Promise.all(open.map((ledger) => ledger.close()))),
  };
});
