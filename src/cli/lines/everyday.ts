import type { Command } from 'commander';
import type { Session } from '../session.ts';
import { addQuestions } from './questions.ts';
import { addRounds } from './rounds.ts';
import { addStatus } from './status.ts';
import { addStopAndGo } from './stop-and-go.ts';
import { addWebhooks } from './webhooks.ts';

/** The command lines that work on a store: here, or, where a service holds it, inside the service. */
export function addEveryday(program: Command, session: Session): void {
  addRounds(program, session);
  addStopAndGo(program, session);
  addQuestions(program, session);
  addStatus(program, session);
  addWebhooks(program, session);
}
