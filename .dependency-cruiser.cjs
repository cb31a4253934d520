/** Import borders: which room may import which. See docs/design.md. */
const vocabulary = '^src/(item|change|errors|clock|log|calendar|settings|plain-text|within-time)\\.ts$';
const pureSync =
  '^src/sync/(activity|agreeing|own-writes|what-changed|echo|hearing|assessment|desire|labels|explanation|same-text|eligible|order|blockers|holds|hold-items|drags|current-order|plan|guard|rank-moves|fenwick|moves-|move-reasons|report|write-hours|short-read|grooming|breaker|waiting|conflicts|landed|pause-text|undo-)[^/]*\.ts$';
const composition = '^src/(main\\.ts|cli/)';
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'vocabulary-imports-vocabulary',
      severity: 'error',
      comment: 'Words stand below everything else.',
      from: { path: vocabulary },
      to: { pathNot: vocabulary },
    },
    {
      name: 'scoring-is-pure',
      severity: 'error',
      comment: 'Scores must replay from the journal: no clock, no I/O, no library.',
      from: { path: '^src/scoring/' },
      to: { pathNot: ['^src/scoring/', '^src/(item|calendar)\\.ts$'] },
    },
    {
      name: 'planning-is-pure',
      severity: 'error',
      comment: 'A plan is computed from values; only apply and reconcile touch the outside.',
      from: { path: pureSync },
      to: {
        pathNot: [
          pureSync,
          '^src/scoring/',
          '^src/(item|change|calendar|plain-text|settings)\\.ts$',
          '^src/sync/(ports|journaled)\\.ts$',
          '^src/connectors/connector\\.ts$',
        ],
      },
    },
    {
      name: 'sync-knows-only-the-port',
      severity: 'error',
      from: { path: '^src/sync/' },
      to: {
        path: '^src/(connectors|store|jobs|webhooks|cli|demo|config)/|^src/main',
        pathNot: '^src/connectors/connector\\.ts$',
      },
    },
    {
      name: 'connectors-look-down',
      severity: 'error',
      from: { path: '^src/connectors/' },
      to: { path: '^src/(sync|scoring|jobs|webhooks|store|cli|demo|config)/' },
    },
    {
      name: 'trackers-are-strangers',
      severity: 'error',
      comment: 'What two trackers share stands above both, in the connectors as in the emulators.',
      from: { path: '^src/(connectors|demo)/(jira|azure-devops)/' },
      to: { path: '^src/$1/(jira|azure-devops)/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'webhooks-only-enqueue',
      severity: 'error',
      comment:
        'A delivery is a hint: it may note items and ask for a round, nothing else. What else is needed arrives as a port.',
      from: { path: '^src/webhooks/' },
      to: { path: '^src/', pathNot: ['^src/webhooks/', '^src/jobs/(job|queue)\\.ts$', vocabulary] },
    },
    {
      name: 'payloads-are-read-purely',
      severity: 'error',
      from: { path: '^src/webhooks/(jira|azure-devops|candidates|json|merge-calls|departures)\\.ts$' },
      to: {
        pathNot: ['^src/webhooks/(json|ports)\\.ts$', '^src/(item|settings)\\.ts$', '^node_modules/zod/'],
      },
    },
    {
      name: 'service-is-told-how-rounds-are-made',
      severity: 'error',
      comment: 'The service decides when; how a round or a command is carried out arrives from the composition root.',
      from: { path: '^src/service/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/service/',
          '^src/jobs/(job|queue|handlers|retry)\\.ts$',
          '^src/webhooks/',
          '^src/sync/(ports|journaled|grooming)\\.ts$',
          '^src/store/(leases|touched|last-rounds|refusals)\\.ts$',
          '^src/connectors/(connector|observer)\\.ts$',
          vocabulary,
        ],
      },
    },
    {
      name: 'schedules-are-pure',
      severity: 'error',
      comment: 'What is due follows from timetables and past rounds alone; dates are arguments.',
      from: { path: '^src/service/(slots|due|quiet-end)\\.ts$' },
      to: {
        path: '.*',
        pathNot: [
          '^src/service/(slots|due|quiet-end|ports)\\.ts$',
          '^src/store/last-rounds\\.ts$',
          '^node_modules/(luxon|@types/luxon|node-cron)/',
          vocabulary,
        ],
      },
    },
    {
      name: 'service-is-started-by-the-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/service/', composition] },
      to: { path: '^src/service/' },
    },
    {
      name: 'notices-are-told-by-ports',
      severity: 'error',
      comment: 'What is told follows from reports, pauses, approvals and counts; nothing here works on a backlog.',
      from: { path: '^src/notify/' },
      to: {
        path: '^src/',
        pathNot: ['^src/notify/', '^src/sync/(ports|waiting-moves|pause-text|grooming)\\.ts$', vocabulary],
      },
    },
    {
      name: 'notices-are-decided-purely',
      severity: 'error',
      from: { path: '^src/notify/(after-round|digest|notice|notices-after|slack|teams|words)\\.ts$' },
      to: {
        path: '.*',
        pathNot: [
          '^src/notify/(after-round|digest|notice|notices-after|slack|teams|told|words)\\.ts$',
          '^src/sync/(ports|waiting-moves|pause-text|grooming)\\.ts$',
          vocabulary,
        ],
      },
    },
    {
      name: 'jobs-do-not-see-connectors',
      severity: 'error',
      from: { path: '^src/jobs/' },
      to: { path: '^src/(connectors|webhooks|scoring|store|cli|demo|config)/' },
    },
    {
      name: 'store-implements-ports',
      severity: 'error',
      comment: 'The store knows the ports it implements and the words, nothing else.',
      from: { path: '^src/store/' },
      to: {
        path: '^src/',
        pathNot: ['^src/store/', '^src/sync/(ports|journaled)\\.ts$', '^src/connectors/connector\\.ts$', vocabulary],
      },
    },
    {
      name: 'config-makes-settings',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/', pathNot: ['^src/config/', '^src/scoring/', vocabulary] },
    },
    {
      name: 'parts-are-put-together-in-cli-and-main',
      severity: 'error',
      from: { pathNot: [composition, '^(test|bench)/', '^src/jobs/', '^src/store/'] },
      to: { path: '^src/(jobs/queue-engine|connectors/registry)\\.ts$' },
    },
    {
      name: 'cli-stands-on-top',
      severity: 'error',
      from: { path: '^src/', pathNot: [composition] },
      to: { path: '^src/(cli/|main\\.ts$)' },
    },
    {
      name: 'demo-is-for-demo-and-tests',
      severity: 'error',
      comment: 'Emulated trackers never reach the product.',
      from: { pathNot: ['^src/demo/', '^src/cli/demo[^/]*\\.ts$', '^(test|bench)/'] },
      to: { path: '^src/demo/' },
    },
    {
      name: 'demo-emulates-from-outside',
      severity: 'error',
      comment: 'An emulator that shared the connector code would share its mistakes.',
      from: { path: '^src/demo/' },
      to: { path: '^src/', pathNot: ['^src/demo/', '^src/(clock|errors|log)\\.ts$'] },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'nothing-undeclared', severity: 'error', from: {}, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Libraries that say in `exports` what may be imported.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
