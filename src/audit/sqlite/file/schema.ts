/** Marks a file as an audit trail of shakedown: "SHKD" in ASCII. */
export const APPLICATION_ID = 0x53_48_4b_44

/**
 * Nearly all that is written are attempts. They are kept in the order of their commits, so that one commit adds to one
 * page or two, whatever number of runs its attempts are of: with a key of the run's own it would be a page for each
 * run. An index of runs would cost every commit a second page, so there is one of blocks of this many ids: a run has
 * an entry for each block that holds attempts of it, and to read them is to look through these blocks.
 *
 * All other records are keyed by their run, and what makes them unique in it.
 */
export const ATTEMPTS_PER_BLOCK = 256

/** Where the attempts of runs are read. */
export const ATTEMPTS_OF_RUNS: string = `attempt_blocks CROSS JOIN attempts
    ON attempts.id BETWEEN block * ${ATTEMPTS_PER_BLOCK} AND block * ${ATTEMPTS_PER_BLOCK} + ${ATTEMPTS_PER_BLOCK - 1}
    AND attempts.run = attempt_blocks.run`

const PLACE = `run INTEGER NOT NULL,
  seq INTEGER NOT NULL`

/** Terminal outcomes, as SQL lists them. Each token has exactly one. */
const TERMINAL = `('completed', 'forked', 'coalesced', 'failed', 'quarantined', 'cancelled')`

/**
 * The schema's history: the file's version is how many of these it has seen. Released ones are never edited;
 * a change is a new one at the end.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE runs (
  run INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  pipeline TEXT NOT NULL,
  status TEXT NOT NULL,
  started_wall_ms REAL NOT NULL,
  finished_wall_ms REAL,
  finished_seq INTEGER,
  latency_ms REAL,
  attempts INTEGER,
  cost_usd REAL,
  tokens REAL,
  input TEXT,
  output TEXT,
  feedback TEXT,
  error TEXT
) STRICT;

-- Every list of runs is a merge of one range per status, so these two serve all of them. The first costs a run two
-- writes, the second one: it has what has come to an end. The runs of a pipeline that go on are looked for among all that do.
CREATE INDEX runs_by_status ON runs (status, started_wall_ms);
CREATE INDEX runs_by_pipeline ON runs (pipeline, status, started_wall_ms) WHERE finished_seq IS NOT NULL;

CREATE TABLE tokens (
  run INTEGER NOT NULL,
  token_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  parent_ids TEXT,
  branch TEXT,
  item TEXT,
  at_ms REAL NOT NULL,
  PRIMARY KEY (run, token_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt_starts (
  ${PLACE},
  token_id TEXT NOT NULL,
  path TEXT NOT NULL,
  visit INTEGER NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  at_ms REAL NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

-- A step that completed at its first attempt says nothing that its attempt does not say, so its end is kept in
-- that attempt's row (step_*) and costs no row of its own. The view step_ends has them all.
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  ${PLACE},
  token_id TEXT NOT NULL,
  path TEXT NOT NULL,
  visit INTEGER NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  status TEXT NOT NULL,
  started_at_ms REAL NOT NULL,
  latency_ms REAL NOT NULL,
  delay_ms REAL NOT NULL,
  cost_usd REAL NOT NULL,
  tokens REAL NOT NULL,
  input TEXT,
  output TEXT,
  error TEXT,
  step_seq INTEGER,
  step_latency_ms REAL,
  step_at_ms REAL
) STRICT;

-- The first, second, … block of a run. The key is a law, too: of two stores that go on with one live run, one is
-- refused.
CREATE TABLE attempt_blocks (
  run INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  block INTEGER NOT NULL,
  PRIMARY KEY (run, nth)
) STRICT, WITHOUT ROWID;

CREATE TABLE steps (
  ${PLACE},
  token_id TEXT NOT NULL,
  path TEXT NOT NULL,
  visit INTEGER NOT NULL,
  step TEXT NOT NULL,
  node TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  latency_ms REAL NOT NULL,
  at_ms REAL NOT NULL,
  cost_usd REAL NOT NULL,
  tokens REAL NOT NULL,
  feedback TEXT,
  metadata TEXT,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE VIEW step_ends AS
  SELECT run, seq, token_id, path, visit, step, node, status, attempts, latency_ms, at_ms, cost_usd, tokens, feedback,
    metadata
  FROM steps
  UNION ALL
  SELECT attempt_blocks.run, step_seq, token_id, path, visit, step, 'step', status, attempt, step_latency_ms,
    step_at_ms, cost_usd, tokens, NULL, NULL
  FROM ${ATTEMPTS_OF_RUNS}
  WHERE step_seq IS NOT NULL;

CREATE TABLE events (
  ${PLACE},
  token_id TEXT NOT NULL,
  path TEXT NOT NULL,
  visit INTEGER NOT NULL,
  event TEXT NOT NULL,
  at_ms REAL NOT NULL,
  detail TEXT,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE joins (
  run INTEGER NOT NULL,
  join_group TEXT NOT NULL,
  seq INTEGER NOT NULL,
  path TEXT NOT NULL,
  visit INTEGER NOT NULL,
  item TEXT,
  policy TEXT NOT NULL,
  status TEXT NOT NULL,
  token_id TEXT,
  arrived TEXT,
  missing TEXT,
  missing_outcome TEXT,
  lost TEXT,
  waited_ms REAL NOT NULL,
  timeout_ms REAL,
  at_ms REAL NOT NULL,
  reason TEXT,
  input TEXT,
  output TEXT,
  PRIMARY KEY (run, join_group)
) STRICT, WITHOUT ROWID;

-- The key is the law: a token has one terminal outcome. All outcomes are terminal.
CREATE TABLE outcomes (
  run INTEGER NOT NULL,
  token_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ${TERMINAL}),
  reason TEXT,
  error_hash TEXT,
  join_group TEXT,
  at_ms REAL NOT NULL,
  PRIMARY KEY (run, token_id),
  FOREIGN KEY (run, token_id) REFERENCES tokens (run, token_id)
) STRICT, WITHOUT ROWID;
`,
  `ALTER TABLE joins ADD COLUMN cost_usd REAL NOT NULL DEFAULT 0;
ALTER TABLE joins ADD COLUMN tokens REAL NOT NULL DEFAULT 0;
ALTER TABLE joins ADD COLUMN collisions TEXT;
`,
  `-- What carrying a run on needs: exact and private, opaque here, and gone when the run ends.
CREATE TABLE checkpoints (
  run INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  key TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (run, nth)
) STRICT, WITHOUT ROWID;

-- Who is at work on a durable run. Every commit of such a run looks here first.
CREATE TABLE leases (
  run INTEGER PRIMARY KEY,
  owner TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  expires_wall_ms REAL NOT NULL
) STRICT;
`,
  // How an adapter has done is read from its latest tasks: the name is what they share, and the key is their order.
  `CREATE INDEX steps_of_adapters ON steps (step) WHERE node = 'adapter';
`,
  `-- Whether the process at work is dead can be told only where its pid means a process, and by when it was started.
ALTER TABLE leases ADD COLUMN place TEXT;
ALTER TABLE leases ADD COLUMN born TEXT;
ALTER TABLE leases ADD COLUMN main INTEGER NOT NULL DEFAULT 0;
`,
]
