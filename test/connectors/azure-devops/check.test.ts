import { describe, expect, it } from 'vitest';
import type { BacklogRequest, Finding } from '../../../src/connectors/connector.ts';
import type { ProjectSpec } from '../../../src/demo/azure-devops/records.ts';
import { aWorld, closeAfterEach } from './support/emulated.ts';

async function findings(
  spec: Partial<ProjectSpec> = {},
  over: Partial<BacklogRequest> = {},
): Promise<ReadonlyMap<string, Finding>> {
  const world = await aWorld(spec);
  const backlog = await world.open(over);
  return new Map((await backlog.check()).map(finding => [finding.topic, finding]));
}

describe('connectors/azure-devops/check', () => {
  closeAfterEach();

  it('a healthy backlog has no problems', async () => {
    const found = await findings();

    expect([...found.values()].filter(({ status }) => status === 'problem')).toEqual([]);
    expect(found.get('backlog')?.text).toBe('Payments Team / Stories of Payments: User Story, Bug in 1 area(s)');
    expect(found.get('order')?.text).toContain('Microsoft.VSTS.Common.StackRank');
    expect(found.get('effort')?.text).toContain('Microsoft.VSTS.Scheduling.StoryPoints');
  });

  it('every finding that is not ok says what to do', async () => {
    const found = await findings({}, { blockerLinkTypes: ['Blocks'] });

    const open = [...found.values()].filter(({ status }) => status !== 'ok');
    expect(open.map(({ topic }) => topic)).toContain('blockers');
    expect(open.every(({ todo }) => todo !== '')).toBe(true);
  });

  it('a level that the team hides is a problem', async () => {
    const team = { name: 'Quiet', hiddenLevels: ['Microsoft.EpicCategory'] };
    const scope = { kind: 'azure-devops' as const, project: 'Payments', team: 'Quiet', level: 'Epics' };

    expect((await findings({ teams: [team] }, { scope })).get('backlog')?.status).toBe('problem');
  });

  it('the score field is named', async () => {
    const found = await findings({}, { scoreField: 'Business Value' });

    expect(found.get('score')?.text).toContain('Microsoft.VSTS.Common.BusinessValue');
  });
});
