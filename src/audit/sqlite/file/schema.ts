/** Marks a file as an audit trail of shakedown: "SHKD" in ASCII. */
export const APPLICATION_ID = 0x53_48_4b_44

/**
 * Attempts, steps and events are keyed by one integer, `run × 2^24 + seq`, so that each is one B-tree, in the order
 * things happened, with the rows of a run side by side: one page written per insert, one range read per run. A
 * second index would cost every commit 4–8 µs. `run` and `seq` can be selected like any other column. Tokens, joins
 * and outcomes are keyed by what makes them unique in their run.
 */
export const RECORDS_PER_RUN: number = 2 ** 24

const KEY = `id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL AS (id >> 24) VIRTUAL,
  seq INTEGER NOT NULL AS (id & 16777215) VIRTUAL`

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

-- Every list of runs is a merge of one range per status, so these two serve all of them; each costs a run two writes.
CREATE INDEX runs_by_status ON runs (status, started_wall_ms);
CREATE INDEX runs_by_pipeline ON runs (pipeline, status, started_wall_ms);

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
  ${KEY},
  token_id TEXT NOT NULL,
  path TEXT NOT NULL,
  visit INTEGER NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  at_ms REAL NOT NULL
) STRICT;

-- A step that completed at its first attempt says nothing that its attempt does not say, so its end is kept in
-- that attempt's row (step_*) and costs no row of its own. The view step_ends has them all.
CREATE TABLE attempts (
  ${KEY},
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

CREATE TABLE steps (
  ${KEY},
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
  metadata TEXT
) STRICT;

-- row_id is the row an end is kept in: what to search a run's ends by.
CREATE VIEW step_ends AS
  SELECT id AS row_id, run, seq, token_id, path, visit, step, node, status, attempts, latency_ms, at_ms, cost_usd,
    tokens, feedback, metadata
  FROM steps
  UNION ALL
  SELECT id, run, step_seq, token_id, path, visit, step, 'step', status, attempt, step_latency_ms, step_at_ms,
    cost_usd, tokens, NULL, NULL
  FROM attempts WHERE step_seq IS NOT NULL;

CREATE TABLE events (
  ${KEY},
  token_id TEXT NOT NULL,
  path TEXT NOT NULL,
  visit INTEGER NOT NULL,
  event TEXT NOT NULL,
  at_ms REAL NOT NULL,
  detail TEXT
) STRICT;

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
]
