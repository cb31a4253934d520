import { join } from 'node:path';
import { killSuite } from '../support/kill-suite.ts';

killSuite('embedded database', 20261125, () =>
  Promise.resolve({
    environment: folder => ({ WINNOW_DATA: join(folder, 'data') }),
    databaseUrl: null,
    stop: () => Promise.resolve(),
  }),
);
