import type { Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { messageOf } from '../../errors.ts';
import { deliveries } from './deliveries.ts';
import { initial } from './initial.ts';
import { laws } from './laws.ts';
import { refusals } from './refusals.ts';
import { service } from './service.ts';
import { trust } from './trust.ts';
import { webhooks } from './webhooks.ts';

/** By name; run in alphabetical order, each once. */
const migrations: Readonly<Record<string, Migration>> = {
  '001-initial': initial,
  '002-trust': trust,
  '003-webhooks': webhooks,
  '004-service': service,
  '005-laws': laws,
  '006-deliveries': deliveries,
  '007-refusals': refusals,
};

/** Brings the schema `winnow` up to date. Safe to call from several processes at once. */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  const migrator = new Migrator({
    db,
    migrationTableSchema: 'winnow',
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    // Migrations stand alone, so that one that joins late may carry a smaller number than one that ran already.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw new Error(
    `The database could not be brought up to date: ${messageOf(error)} ` +
      'If a newer Winnow made it, use that version; otherwise check that the user may create the schema winnow.',
    { cause: error },
  );
}
