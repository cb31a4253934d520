import { InvalidArgumentError, type Command } from 'commander';
import { roles, type Role } from '../../service/ports.ts';
import { common, inOwnContext, type Common, type Session } from '../session.ts';

/** `start`: the service. */
export function addService(program: Command, session: Session): void {
  common(program.command('start'))
    .description('the service: scheduled and webhook-triggered rounds, health, metrics, API')
    .option('--roles <list>', `any of ${roles.join(', ')}`, rolesOf, [...roles])
    .action(async (o: Common & { roles: readonly Role[] }) => {
      const options = { roles: o.roles, json: o.json === true, signal: session.signal };
      // Loaded for it alone: no other command needs a web server's libraries.
      const { startCommand } = await import('../commands/start.ts');
      await inOwnContext(session, { ...o, logLevel: 'info' }, context => startCommand(context, session, options));
    });
}

function rolesOf(text: string): readonly Role[] {
  const named = text.split(',').map(name => name.trim());
  return named.map(name => {
    const role = roles.find(known => known === name);
    if (role === undefined) throw new InvalidArgumentError(`"${name}" is no role. Known: ${roles.join(', ')}.`);
    return role;
  });
}
