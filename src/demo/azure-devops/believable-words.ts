/** Words from which the payments team's backlog is put together. */

export const AREAS = ['Checkout', 'Payouts', 'Fraud', 'Invoicing'] as const;

export const FEATURES: Readonly<Record<(typeof AREAS)[number], readonly string[]>> = {
  Checkout: ['Wallets at checkout', 'Strong customer authentication'],
  Payouts: ['Same-day payouts', 'Payout statements'],
  Fraud: ['Risk scoring', 'Manual review desk'],
  Invoicing: ['Recurring invoices', 'Dunning'],
};

export const STORY_STARTS = [
  'Let merchants see',
  'Support',
  'Show the reason for',
  'Send a receipt for',
  'Allow support agents to correct',
  'Export',
  'Retry',
  'Cap the amount of',
  'Explain to buyers',
  'Archive',
  'Add a filter for',
  'Move to the new service:',
] as const;

export const STORY_ENDS = [
  'declined card payments',
  'partial refunds',
  'payouts in a second currency',
  'chargebacks',
  'failed direct debits',
  'saved cards',
  'instalment plans',
  'split payments',
  'fees per transaction',
  'expired mandates',
  'duplicate invoices',
  'tax on gift cards',
  'settlement reports',
  'bank account changes',
] as const;

export const BUG_TITLES = [
  'Refund shows the wrong sign on statements',
  'Timeout when a bank answers slowly',
  'Amounts with three decimals are cut',
  'Webhook is sent twice after a retry',
  'Payout page is blank for closed accounts',
  'Card brand is missing in the receipt',
  'Search by reference ignores leading zeros',
  'Daily totals differ from the ledger by one cent',
] as const;

export const TAGS = ['compliance', 'quick win', 'tech debt', 'customer request', 'needs design', 'Q1', 'api'] as const;

export const SENTENCES = [
  'Support receives about twenty tickets a week on this.',
  'The provider announced the end of the old interface for next spring.',
  'Merchants with more than one account are hit hardest.',
  'We agreed on the wording with the legal team.',
  'Finance needs the figures before the month is closed.',
  'The change must be behind a switch so that we can take it back.',
  'Measure how many buyers give up at this step before and after.',
  'The current workaround is a spreadsheet that two people maintain.',
] as const;

export const COMMENTS = [
  'Talked to the provider; they can do it on their side.',
  'Two more merchants asked for this.',
  'We should split this before we plan it.',
  'The design is attached to the feature.',
  'Waiting for an answer from legal.',
] as const;
