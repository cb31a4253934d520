import { describe, expect, it } from 'vitest';
import { createFieldCatalogue } from '../../../src/demo/azure-devops/field-catalogue.ts';
import { personNamed } from '../../../src/demo/azure-devops/identity.ts';
import type { FieldMap } from '../../../src/demo/azure-devops/records.ts';
import { compile, sortBy } from '../../../src/demo/azure-devops/wiql/evaluate.ts';
import { WiqlError } from '../../../src/demo/azure-devops/wiql/lex.ts';
import { parseWiql } from '../../../src/demo/azure-devops/wiql/parse.ts';

const rows: readonly FieldMap[] = [
  {
    'System.Id': 1,
    'System.Title': "Pay the driver's fee",
    'System.WorkItemType': 'User Story',
    'System.AreaPath': 'Shop\\Checkout',
    'System.Tags': 'api; quick win',
    'System.ChangedDate': '2026-03-01T10:00:00Z',
    'Microsoft.VSTS.Common.StackRank': 20,
    'System.AssignedTo': personNamed('Mira Lindqvist', 'mira@example.com'),
  },
  {
    'System.Id': 2,
    'System.Title': 'Refund twice',
    'System.WorkItemType': 'Bug',
    'System.AreaPath': 'Shop\\Checkout\\Refunds',
    'System.Tags': 'apis',
    'System.ChangedDate': '2026-03-02T23:59:00Z',
    'Microsoft.VSTS.Common.StackRank': 10,
  },
  {
    'System.Id': 3,
    'System.Title': 'Ledger',
    'System.WorkItemType': 'Bug',
    'System.AreaPath': 'Shop\\CheckoutOld',
    'System.ChangedDate': '2026-03-03T00:00:00Z',
  },
];

const context = {
  fields: createFieldCatalogue(),
  timePrecision: false,
  macro: (name: string, offset: number) =>
    name === 'today' ? new Date(Date.UTC(2026, 2, 3) + offset * 86_400_000).toISOString().slice(0, 10) : null,
};

function idsWhere(condition: string, timePrecision = false): readonly unknown[] {
  const query = parseWiql(`SELECT [System.Id] FROM WorkItems WHERE ${condition}`);
  const test = compile(query.where, { ...context, timePrecision });
  return rows.filter(test).map(row => row['System.Id']);
}

describe('demo/azure-devops/wiql', () => {
  it.each([
    ['[System.Id] = 2', [2]],
    ['[System.Id] <> 2', [1, 3]],
    ['[System.Id] > 1 AND [System.Id] <= 2', [2]],
    ['[System.Id] < 2 OR [System.Id] >= 3', [1, 3]],
    ["[System.WorkItemType] = 'bug'", [2, 3]],
    ["[Work Item Type] IN ('Bug', 'Epic')", [2, 3]],
    ['[System.Id] NOT IN (1, 3)', [2]],
    ["[System.AreaPath] UNDER 'Shop\\Checkout'", [1, 2]],
    ["[System.AreaPath] NOT UNDER 'Shop\\Checkout'", [3]],
    ["[System.Tags] CONTAINS 'API'", [1]],
    ["[System.Tags] NOT CONTAINS 'api'", [2, 3]],
    ["[System.Tags] = ''", [3]],
    ["[System.Title] CONTAINS 'driver''s'", [1]],
    ["NOT [System.WorkItemType] = 'Bug'", [1]],
    ['NOT ([System.Id] = 1 OR [System.Id] = 2)', [3]],
    ['[System.Id] = 1 OR [System.Id] = 2 AND [System.Id] = 3', [1]],
    ['([System.Id] = 1 OR [System.Id] = 2) AND [System.Id] = 2', [2]],
    ["[System.ChangedDate] >= '2026-03-02'", [2, 3]],
    ["[System.ChangedDate] > '2026-03-02'", [3]],
    ["[System.ChangedDate] = '2026-03-02'", [2]],
    ['[System.ChangedDate] < @today - 1', [1]],
    ['[System.ChangedDate] >= @today-1', [2, 3]],
    ["[Microsoft.VSTS.Common.StackRank] = ''", [3]],
    ['[Microsoft.VSTS.Common.StackRank] < 15', [2]],
    ["[System.AssignedTo] = 'Mira Lindqvist'", [1]],
    ["[System.AssignedTo] = 'mira@example.com'", [1]],
  ])('WHERE %s finds %j', (condition, expected) => {
    const found = idsWhere(condition);

    expect(found).toEqual(expected);
  });

  it('a time is compared only with time precision', () => {
    const condition = "[System.ChangedDate] > '2026-03-02T12:00:00Z'";

    expect(idsWhere(condition, true)).toEqual([2, 3]);
    expect(() => idsWhere(condition)).toThrow(/date precision/);
  });

  it.each([
    'SELECT FROM WorkItems',
    'SELECT [System.Id] FROM WorkItemLinks',
    'SELECT [System.Id] FROM WorkItems WHERE',
    'SELECT [System.Id] FROM WorkItems WHERE [System.Id]',
    'SELECT [System.Id] FROM WorkItems WHERE [System.Id] = ',
    'SELECT [System.Id] FROM WorkItems WHERE [System.Id] IN 1',
    'SELECT [System.Id] FROM WorkItems WHERE ([System.Id] = 1',
    'SELECT [System.Id] FROM WorkItems WHERE [System.Id] = 1 [System.Id] = 2',
    'SELECT [System.Id] FROM WorkItems ORDER [System.Id]',
    "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'open",
    'SELECT [System.Id] FROM WorkItems WHERE [System.Id] == 1',
    'DELETE FROM WorkItems',
  ])('%s is refused', query => {
    expect(() => parseWiql(query)).toThrow(WiqlError);
  });

  it.each([
    '[Custom.None] = 1',
    "[System.Id] CONTAINS '1'",
    "[System.Title] UNDER 'a'",
    "[System.Id] = 'x'",
    '[System.Id] = @me',
  ])('the condition %s is refused', condition => {
    expect(() => idsWhere(condition)).toThrow(WiqlError);
  });

  it('ascending order puts empty values first', () => {
    const { order } = parseWiql(
      'SELECT [System.Id] FROM WorkItems ORDER BY [Microsoft.VSTS.Common.StackRank], [System.Id] DESC',
    );

    const sorted = rows.toSorted(sortBy(order, context)).map(row => row['System.Id']);

    expect(sorted).toEqual([3, 2, 1]);
  });
});
