import { PGlite } from '@electric-sql/pglite';

/**
 * Entry of a short-lived child process: makes a new database in the folder given as argument. The first initdb takes
 * several hundred MB that a long-running process would never give back.
 */
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: initialise-folder <folder>');
const db = await PGlite.create({ dataDir: folder });
await db.close();
