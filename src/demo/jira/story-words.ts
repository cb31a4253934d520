/** Words from which the online shop's backlog is put together. */

export const PLACES = [
  'the product page',
  'the basket',
  'the checkout',
  'search',
  'the wish list',
  'the order history',
  'the returns form',
  'the voucher field',
  'the stock service',
  'the newsletter sign-up',
  'the mobile app',
  'the shop admin',
  'the delivery tracker',
  'product reviews',
] as const;

export const STORIES = [
  'Show delivery dates in',
  'Let guests use',
  'Offer gift wrapping in',
  'Remember the size chosen in',
  'Translate',
  'Add a dark theme to',
  'Explain shipping costs in',
  'Save unfinished entries in',
  'Allow several addresses in',
  'Show who else bought this in',
  'Make it possible to undo in',
  'Announce low stock in',
] as const;

export const BUGS = [
  'Prices are rounded wrongly in',
  'A double click orders twice in',
  'Umlauts are lost in',
  'The spinner never ends in',
  'The keyboard cannot reach',
  'Old pictures are cached in',
  'Error 500 after a time-out in',
  'The total ignores vouchers in',
] as const;

export const TASKS = [
  'Update the libraries behind',
  'Measure page speed of',
  'Write load tests for',
  'Remove the old feature switch from',
  'Document the interface of',
  'Move the logs of',
] as const;

export const SENTENCES = [
  'Customers ask for this about ten times a week, mostly by telephone.',
  'Marketing has promised it for the spring campaign.',
  'The support team keeps a list of affected orders and corrects them by hand.',
  'The design is finished and lies in the shared folder.',
  'We saw a drop of two per cent in completed orders after the last change here.',
  'Legal wants to read the wording before it goes out.',
  'It happens on tablets only, in landscape.',
  'The supplier changes the interface at the end of the quarter.',
  'A first version without animations is enough.',
  'Please measure before and after, so that we know whether it paid.',
] as const;

export const COMMENTS = [
  'Another shop owner asked for this today.',
  'I talked to the warehouse, they can live with either way.',
  'Should this be split? The second half looks much bigger.',
  'Seen again on the staging site.',
  'Waiting for the figures from finance.',
  'Let us do this together with the checkout work.',
] as const;

export const LABELS = [
  'checkout',
  'mobile',
  'seo',
  'tech-debt',
  'customer-request',
  'accessibility',
  'campaign',
] as const;

export const PEOPLE = [
  'Amara Okafor',
  'Lukas Brandt',
  'Sofia Marino',
  'Hiro Tanaka',
  'Ellen Visser',
  'Pedro Alves',
] as const;
