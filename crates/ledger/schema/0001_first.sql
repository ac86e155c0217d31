-- Ledger format 1. Three tables are the ledger: entry (the log, a hash chain), text and head. Nothing in them is ever
-- changed. All others are made from them by src/index.rs, can be made again, and are compared by `hearsay verify`.
-- Times are milliseconds since 1970-01-01 UTC, days are days since 1970-01-01. Views (at the end) are for people.

-- The log. hash = SHA-256 over the hash before it and this row (src/chain.rs).
CREATE TABLE entry (
    seq  INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- The text of a reading, beside the log so that SQL can see it. id is the reading (entry.seq) that brought it; one
-- without a row here has the text of the page's reading before it. document.id in the reading is its SHA-256.
CREATE TABLE text (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- What was last after each commit.
CREATE TABLE head (
    seq  INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;

-- The first bytes of a WARC file, its warcinfo record.
CREATE TABLE archive (
    id     INTEGER PRIMARY KEY,
    file   TEXT NOT NULL,
    length INTEGER NOT NULL
) STRICT;

-- Bytes as obtained, once each. archive is the WARC file, offset and length are of the gzip member in it.
CREATE TABLE capture (
    id      INTEGER PRIMARY KEY,
    sha256  BLOB NOT NULL UNIQUE,
    n_bytes INTEGER NOT NULL,
    archive INTEGER NOT NULL,
    offset  INTEGER NOT NULL,
    length  INTEGER NOT NULL
) STRICT;

-- Each place where those bytes were seen, and what was said of them on the command line.
CREATE TABLE sighting (
    id      INTEGER PRIMARY KEY,
    capture INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    origin  TEXT NOT NULL,
    name    TEXT NOT NULL,
    given   TEXT
) STRICT;
CREATE INDEX sighting_by_capture ON sighting (capture);

-- Program and model that read.
CREATE TABLE reader (
    id INTEGER PRIMARY KEY,
    by TEXT NOT NULL UNIQUE
) STRICT;

-- One readable text of a capture, as its newest reading has it. key names it in every ledger (src/append.rs).
CREATE TABLE page (
    id        INTEGER PRIMARY KEY,
    key       BLOB NOT NULL UNIQUE,
    capture   INTEGER NOT NULL,
    reading   INTEGER NOT NULL,
    text      INTEGER NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    title     TEXT,
    outlet    INTEGER,
    url       TEXT,
    published TEXT,
    language  TEXT,
    n_claims  INTEGER NOT NULL
) STRICT;
CREATE INDEX page_by_name ON page (name);
CREATE INDEX page_by_capture ON page (capture);
CREATE INDEX page_by_outlet ON page (outlet);

-- A page as one reader read it; until: the reading (entry.seq) that took its place.
CREATE TABLE reading (
    id     INTEGER PRIMARY KEY,
    page   INTEGER NOT NULL,
    reader INTEGER NOT NULL,
    text   INTEGER NOT NULL,
    until  INTEGER
) STRICT;
CREATE INDEX reading_by_page ON reading (page);

-- The words of the closed vocabularies. Number 1 is fixed, since an index leaves it out.
CREATE TABLE word (
    id   INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO word (id, word) VALUES (1, 'asserts');

-- Names of sources, actors, recipients, outlets, with the id in the actor dictionary.
CREATE TABLE name (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    entity TEXT NOT NULL DEFAULT '',
    UNIQUE (name, entity)
) STRICT;
CREATE INDEX name_by_entity ON name (entity) WHERE entity <> '';

CREATE TABLE place (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL,
    geonames  INTEGER,
    lat       REAL,
    lon       REAL,
    precision TEXT,
    country   TEXT
) STRICT;
CREATE INDEX place_by_name ON place (name COLLATE NOCASE);
CREATE VIRTUAL TABLE place_box USING rtree (id, south, north, west, east);

-- A claim as it was said from entry `since` until entry `until` (NULL: it still is). id = since * 65536 + n.
-- day is what lists are sorted by: the first day of the event, or of publication where that is not known, or -2147483648.
CREATE TABLE claim (
    id             INTEGER PRIMARY KEY,
    until          INTEGER,
    reading        INTEGER NOT NULL,
    page           INTEGER NOT NULL,
    n              INTEGER NOT NULL,
    day            INTEGER NOT NULL,
    first          INTEGER,
    last           INTEGER,
    type           INTEGER NOT NULL,
    mode           INTEGER,
    modality       INTEGER NOT NULL,
    stance         INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    responsibility INTEGER,
    country        TEXT,
    outlet         INTEGER,
    source         INTEGER,
    actor          INTEGER,
    recipient      INTEGER,
    place          INTEGER,
    sentence_start INTEGER NOT NULL,
    sentence_end   INTEGER NOT NULL,
    trigger_start  INTEGER NOT NULL,
    trigger_end    INTEGER NOT NULL,
    confidence     REAL NOT NULL
) STRICT;
CREATE INDEX claim_by_day ON claim (day);
CREATE INDEX claim_by_type ON claim (type, day);
CREATE INDEX claim_by_country ON claim (country, day);
CREATE INDEX claim_by_outlet ON claim (outlet, day);
CREATE INDEX claim_by_stance ON claim (stance, type, day) WHERE stance <> 1;
-- Events of which only the month, the year or a long range is known: few, and looked for by themselves.
CREATE INDEX claim_of_long ON claim (last) WHERE last - first > 31;

-- By name and role: s who vouches (the last source, or the outlet), r a source before it, a actor, o recipient.
CREATE TABLE claim_name (
    name  INTEGER NOT NULL,
    role  TEXT NOT NULL,
    claim INTEGER NOT NULL,
    PRIMARY KEY (name, role, claim)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim_place (
    place INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    PRIMARY KEY (place, claim)
) STRICT, WITHOUT ROWID;

-- By claim, what a row of claim has no room for: every r, the second and further a, o, and p, which is a place.
CREATE TABLE claim_more (
    claim INTEGER NOT NULL,
    role  TEXT NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (claim, role, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE figure (
    claim      INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    measure    TEXT NOT NULL,
    low        INTEGER,
    high       INTEGER,
    population TEXT,
    scope      TEXT NOT NULL,
    since      TEXT,
    PRIMARY KEY (claim, n)
) STRICT, WITHOUT ROWID;

-- An input, or a place in one, that could not be read.
CREATE TABLE problem (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    origin TEXT NOT NULL,
    place  TEXT NOT NULL,
    reason TEXT NOT NULL,
    hint   TEXT
) STRICT;
CREATE INDEX problem_by_place ON problem (place);

-- What a person decided. undone: the decision that took it back.
CREATE TABLE decision (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    who    TEXT NOT NULL,
    why    TEXT,
    act    TEXT NOT NULL,
    said   TEXT NOT NULL,
    undone INTEGER
) STRICT;

-- The pages whose claims a decision is about.
CREATE TABLE decision_page (
    page     BLOB NOT NULL,
    decision INTEGER NOT NULL,
    PRIMARY KEY (page, decision)
) STRICT, WITHOUT ROWID;

-- What was linked, as it is now: entry and n say where its content stands in the log.
CREATE TABLE link (
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    entry INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    -- Begins the SHA-256 of the content: has it changed?
    digest INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- claim is its number in the page, 0 where the page as a whole is a member.
CREATE TABLE link_member (
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    page  INTEGER NOT NULL,
    claim INTEGER NOT NULL,
    PRIMARY KEY (kind, id, page, claim)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_member_by_page ON link_member (page, claim);

CREATE TABLE incident (
    id        TEXT PRIMARY KEY,
    first     INTEGER,
    last      INTEGER,
    place     TEXT,
    lat       REAL,
    lon       REAL,
    country   TEXT,
    type      TEXT NOT NULL,
    mode      TEXT,
    status    TEXT NOT NULL,
    n_origins INTEGER NOT NULL,
    n_reports INTEGER NOT NULL,
    n_claims  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_by_day ON incident (first);
CREATE INDEX incident_by_country ON incident (country, first);
CREATE INDEX incident_by_status ON incident (status, first);

-- What later stages keep for their own speed. Never shown, may be dropped at any time, no part of what is verified.
CREATE TABLE cache (
    space TEXT NOT NULL,
    key   BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (space, key)
) STRICT, WITHOUT ROWID;

-- Full text. Words are cut at anything but letters and digits, accents and case do not count.
CREATE VIEW page_words AS
    SELECT page.id AS id, page.title AS title, text.text AS text FROM page JOIN text ON text.id = page.text;
CREATE VIRTUAL TABLE page_fts USING fts5 (
    title, text, content = 'page_words', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIEW claim_words AS
    SELECT claim.id AS id, substr(text.text, sentence_start + 1, sentence_end - sentence_start) AS sentence
    FROM claim JOIN reading ON reading.id = claim.reading JOIN text ON text.id = reading.text;
CREATE VIRTUAL TABLE claim_fts USING fts5 (
    sentence, content = 'claim_words', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', columnsize = 0
);
CREATE VIRTUAL TABLE name_fts USING fts5 (
    name, content = 'name', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', columnsize = 0
);

-- For people. These stay what they are within a format; docs/ledger.md describes each column.
CREATE VIEW pages AS
    SELECT page.id AS page, lower(hex(page.key)) AS key, page.name, page.kind, page.title, outlet.name AS outlet, page.url,
        page.published, page.language, page.n_claims, text.text,
        'sha256:' || lower(hex(capture.sha256)) AS capture, reader.by AS reader,
        datetime((SELECT min(at) FROM sighting WHERE sighting.capture = page.capture) / 1000, 'unixepoch') AS first_seen
    FROM page JOIN text ON text.id = page.text JOIN capture ON capture.id = page.capture
        JOIN reading ON reading.id = page.reading JOIN reader ON reader.id = reading.reader
        LEFT JOIN name AS outlet ON outlet.id = page.outlet;

CREATE VIEW claims AS
    SELECT claim.id AS claim, claim.page, page.name || ':c' || claim.n AS name,
        date(nullif(claim.day, -2147483648) * 86400, 'unixepoch') AS day, date(claim.first * 86400, 'unixepoch') AS first_day,
        date(claim.last * 86400, 'unixepoch') AS last_day, type.word AS type,
        (SELECT word FROM word WHERE id = claim.mode) AS mode, (SELECT word FROM word WHERE id = claim.modality) AS modality,
        stance.word AS stance, (SELECT word FROM word WHERE id = claim.position) AS position,
        (SELECT word FROM word WHERE id = claim.responsibility) AS responsibility, outlet.name AS outlet, source.name AS source, actor.name AS actor,
        recipient.name AS recipient, place.name AS place, claim.country, place.lat, place.lon,
        substr(text.text, claim.trigger_start + 1, claim.trigger_end - claim.trigger_start) AS trigger_words,
        substr(text.text, claim.sentence_start + 1, claim.sentence_end - claim.sentence_start) AS sentence,
        claim.confidence, claim.day AS day_number
    FROM claim JOIN page ON page.id = claim.page JOIN reading ON reading.id = claim.reading
        JOIN text ON text.id = reading.text JOIN word AS type ON type.id = claim.type
        JOIN word AS stance ON stance.id = claim.stance
        LEFT JOIN name AS outlet ON outlet.id = claim.outlet LEFT JOIN name AS source ON source.id = claim.source
        LEFT JOIN name AS actor ON actor.id = claim.actor LEFT JOIN name AS recipient ON recipient.id = claim.recipient
        LEFT JOIN place ON place.id = claim.place
    WHERE claim.until IS NULL;

CREATE VIEW figures AS
    SELECT figure.claim, figure.n, figure.measure, figure.low, figure.high, figure.population, figure.scope, figure.since
    FROM figure JOIN claim ON claim.id = figure.claim WHERE claim.until IS NULL;

CREATE VIEW sightings AS
    SELECT sighting.id AS sighting, 'sha256:' || lower(hex(capture.sha256)) AS capture, sighting.origin, sighting.name,
        sighting.given, datetime(sighting.at / 1000, 'unixepoch') AS seen
    FROM sighting JOIN capture ON capture.id = sighting.capture;

CREATE VIEW captures AS
    SELECT capture.id AS capture, 'sha256:' || lower(hex(sha256)) AS sha256, n_bytes, file, offset, capture.length
    FROM capture JOIN archive ON archive.id = capture.archive;

CREATE VIEW problems AS
    SELECT id AS problem, datetime(at / 1000, 'unixepoch') AS seen, origin, place, reason, hint FROM problem;

CREATE VIEW decisions AS
    SELECT id AS decision, datetime(at / 1000, 'unixepoch') AS decided, who, why, act, said, undone FROM decision;

CREATE VIEW incidents AS
    SELECT id AS incident, date(first * 86400, 'unixepoch') AS first_day, date(last * 86400, 'unixepoch') AS last_day,
        place, lat, lon, country, type, mode, status, n_origins, n_reports, n_claims FROM incident;
