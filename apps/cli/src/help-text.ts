/** What `--help` says beyond the options: why one would call a command, examples that can be pasted, and exit codes. */

export const EXIT_CODES_HELP = `
Exit codes: 0 published or unchanged, 1 failed, 2 wrong usage or config, 3 rejected by a gate.`;

export const HELP = {
  inlet: {
    description: 'Brings outside datasets into a data lake: notices that a source changed, keeps the original bytes, builds typed and checked tables, and publishes them all at once or not at all.',
    after: `
Begin here:
  $ npx inlet run nsde --sample                       publish a small synthetic release
  $ npx inlet query "from nsde.elements limit 5"      look at it
  $ npx inlet status                                  see what every dataset publishes

The result goes to stdout, progress to stderr.
${EXIT_CODES_HELP}`,
  },
  run: {
    summary: 'run a dataset through the pipeline, and publish what changed',
    description: 'Fetches the dataset\'s sources; when their content or the dataset\'s own code changed, builds its tables, checks them and publishes them as one release. Readers see the old release until the new one is whole. Ctrl-C stops the run in good order. With --aws, the run is one of the deployed state machine: it is followed until it ends, and Ctrl-C ends only the following.',
    after: `
Examples:
  $ npx inlet run nsde                                fetch from the configured source
  $ npx inlet run nsde --sample                       take the next sample release
  $ npx inlet run cder --source ndctext.zip --source ndc_unfinished.zip
  $ npx inlet run cder --source downloads/            every file of a folder
  $ npx inlet run nsde --json | jq .outcome           published, unchanged, rejected or failed
  $ npx inlet run nsde --aws --region eu-west-1       the deployed dataset, followed live`,
  },
  replay: {
    summary: 'run a release again from its bronze, without a fetch',
    description: 'For a release that was rejected or built wrongly: once the rule or the model is mended, this builds its tables again from the bronze that is there, checks them and publishes them, and tells which rows came out of quarantine. By default it takes the newest run that was published or rejected; an older one must be named. Where the config reads the files otherwise by now (format, tables or contract), the release must be fetched again.',
    after: `
Examples:
  $ npx inlet replay nsde                             after a rejected run, once its cause is mended
  $ npx inlet replay nsde --run 20261120T210000Z-0f3a5c7d9e1b
  $ npx inlet replay nsde --json | jq .replay         rows recovered, and rows still in quarantine
  $ npx inlet replay nsde --aws`,
  },
  redrive: {
    summary: 'run the input of the oldest dead letter again',
    description: 'Each failed run leaves its input as a dead letter. Once the cause is mended, this runs the oldest one of the dataset again, and takes the letter out; a run that fails again leaves a letter of its own.',
    after: `
Examples:
  $ npx inlet redrive nsde
  $ npx inlet redrive nsde --drop                     take it out without a run
  $ npx inlet redrive nsde --aws`,
  },
  rollback: {
    summary: 'make an earlier release the current one',
    description: 'Points the dataset back at an earlier release, in one step for all its tables. Nothing is deleted or rebuilt. With --aws, the tables that Athena reads follow; name the current release with --to to let them follow once more.',
    after: `
Examples:
  $ npx inlet rollback nsde                           to the release before the current one
  $ npx inlet rollback nsde --to 20261120T210000Z-0f3a5c7d9e1b
  $ npx inlet rollback nsde --aws`,
  },
  status: {
    summary: 'show what every dataset publishes, and how its last run ended',
    description: 'Shows each dataset\'s current release, the outcome of its last run, and what to do next.',
    after: `
Examples:
  $ npx inlet status
  $ npx inlet status --aws --profile lake             of the lake deployed on AWS
  $ npx inlet status --json | jq '.datasets[].release.runId'`,
  },
  history: {
    summary: 'list a dataset\'s runs, newest first, and why each ended as it did',
    description: 'Lists the runs of a dataset, newest first: when, how long, the outcome, and the reason where nothing was published.',
    after: `
Examples:
  $ npx inlet history nsde
  $ npx inlet history nsde --limit 100 --json`,
  },
  show: {
    summary: 'show everything recorded of one run',
    description: 'Shows the full record of a run: sources and hashes, rows of every table, every check, schema changes and errors.',
    after: `
Examples:
  $ npx inlet show 20261120T210000Z-0f3a5c7d9e1b`,
  },
  query: {
    summary: 'ask the published tables with SQL',
    description: 'Runs one SELECT over the current releases. Schemas: <dataset> holds its silver and gold tables, <dataset>_bronze its bronze ones, <dataset>_quarantine the rows set aside; a - in a dataset\'s id becomes _. With --aws, Athena answers: in its own dialect, from the silver and gold tables, and what it scanned is told on stderr. With --quarantine-of there is only <dataset>_quarantine, as that run left it: this machine\'s engine answers, with --aws too.',
    after: `
Examples:
  $ npx inlet query "select count(*) from nsde.elements"
  $ npx inlet query "from nsde.elements" --format csv > elements.csv
  $ npx inlet query "from nsde_quarantine.elements" --format json
  $ npx inlet query "from nsde_quarantine.elements" --quarantine-of 20261120T210000Z-0f3a5c7d9e1b
  $ npx inlet query "select count(*) from nsde.elements" --aws`,
  },
  check: {
    summary: 'check any file with rules in DQDL, without a dataset or a lake',
    description: 'Checks a file with a ruleset in DQDL, the language of AWS Glue Data Quality, and prints each rule with its outcome, metrics and reason. All rows are looked at to find the columns\' types: numbers with leading zeros and dates that are not written as YYYY-MM-DD stay text. Ends with 3 when a rule fails or cannot be evaluated, with 2 when the ruleset or a file is refused.',
    after: `
Examples:
  $ npx inlet check --rules rules.dqdl --data products.csv
  $ npx inlet check --rules rules.dqdl --data orders.parquet --ref customers=customers.csv
  $ npx inlet check --rules rules.dqdl --data products.csv --failed-rows bad.csv --pii email
  $ npx inlet check --suggest --data products.csv > rules.dqdl
  $ npx inlet check --rules rules.dqdl --data products.csv --json | jq .outcome`,
  },
  quality: {
    summary: 'show what the checks of a dataset\'s last run found, and how its metrics went',
    description: 'Shows the last run that checked anything: each rule by table with its outcome, severity, metrics and reason. With --history, how each metric went over the last runs.',
    after: `
Examples:
  $ npx inlet quality nsde
  $ npx inlet quality nsde --history --limit 50
  $ npx inlet quality nsde --json | jq '.report.rules[] | select(.outcome != "passed")'`,
  },
  gc: {
    summary: 'delete what no kept release needs',
    description: 'Deletes, for every dataset, the leavings of dead runs and the files of releases beyond the dataset\'s retention. Releases that rollback can return to are kept.',
    after: `
Examples:
  $ npx inlet gc --dry-run
  $ npx inlet gc
  $ npx inlet gc --aws                                on the deployed lake, with your own rights`,
  },
  doctor: {
    summary: 'check this machine, the lake and every dataset\'s config',
    description: 'Checks Node, the embedded engine, the lake\'s folder and ledger, every dataset\'s config and the files of every current release, and says what to do about each finding. Ends with 1 when a check fails.',
    after: `
Examples:
  $ npx inlet doctor
  $ npx inlet doctor --lake /data/lake --json`,
  },
} as const;
