"""The layout of the advisory file (scanning guide 10.2): names interned, intervals as text in the ecosystem's syntax.

`vectors` are separated by blanks, the best one first, and `score` is that one's in tenths, -1 without a vector.
`repository.cpes` are separated by blanks.
`qualifiers` is empty or the JSON of `core.vuln.advisory.Qualifiers`; `cwes` are separated by blanks.
`incl` is 1 when `hi` itself is inside, plus 2 when `lo` itself is outside.
An empty text in `hi` and `fixed` means "none": no version is empty, and a key column cannot be NULL.
"""

APPLICATION = 0x54574144  # "TWAD", in SQLite's application_id, tells the file from every other SQLite file
SCHEMA = 3

TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feed(
    id TEXT PRIMARY KEY, name TEXT NOT NULL, url TEXT NOT NULL, licence TEXT NOT NULL, taken TEXT NOT NULL,
    records INTEGER NOT NULL, precedence INTEGER NOT NULL, fixes_only INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE package(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, ecosystem TEXT NOT NULL, release TEXT NOT NULL,
    UNIQUE(name, ecosystem, release)
);
CREATE TABLE vuln(
    id INTEGER PRIMARY KEY, feed TEXT NOT NULL, record TEXT NOT NULL, vid TEXT NOT NULL, kind TEXT NOT NULL,
    severity TEXT NOT NULL, score INTEGER NOT NULL, vectors TEXT NOT NULL, aliases TEXT NOT NULL, title TEXT NOT NULL,
    published TEXT NOT NULL, modified TEXT NOT NULL, cwes TEXT NOT NULL, document INTEGER NOT NULL,
    UNIQUE(record, feed, vid)
);
CREATE INDEX vuln_vid ON vuln(vid);
CREATE INDEX vuln_withdrawn ON vuln(vid) WHERE kind = 'withdrawn';
CREATE TABLE alias(a TEXT NOT NULL, vuln INTEGER NOT NULL, PRIMARY KEY(a, vuln)) WITHOUT ROWID;
CREATE TABLE affected(
    package INTEGER NOT NULL, vuln INTEGER NOT NULL, lo TEXT NOT NULL, hi TEXT NOT NULL, incl INTEGER NOT NULL,
    fixed TEXT NOT NULL, status TEXT NOT NULL, severity TEXT NOT NULL, qualifiers TEXT NOT NULL,
    PRIMARY KEY(package, vuln, lo, hi, incl, fixed, status, severity, qualifiers)
) WITHOUT ROWID;
CREATE TABLE extent(
    feed TEXT NOT NULL, ecosystem TEXT NOT NULL, release TEXT NOT NULL, records INTEGER NOT NULL, newest TEXT NOT NULL,
    PRIMARY KEY(feed, ecosystem, release)
) WITHOUT ROWID;
CREATE TABLE support(
    product TEXT NOT NULL, release TEXT NOT NULL, codename TEXT NOT NULL, ends TEXT NOT NULL, extended TEXT NOT NULL,
    feed TEXT NOT NULL, PRIMARY KEY(product, release)
) WITHOUT ROWID;
CREATE TABLE repository(name TEXT PRIMARY KEY, cpes TEXT NOT NULL, feed TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE kev(
    year INTEGER NOT NULL, number INTEGER NOT NULL, due TEXT NOT NULL, ransomware INTEGER NOT NULL,
    PRIMARY KEY(year, number)
) WITHOUT ROWID;
CREATE TABLE epss(
    year INTEGER NOT NULL, number INTEGER NOT NULL, score INTEGER NOT NULL, percentile INTEGER NOT NULL,
    PRIMARY KEY(year, number)
) WITHOUT ROWID;
"""

BUILD_INDEXES = """
CREATE INDEX build_affected ON affected(vuln);
CREATE INDEX build_alias ON alias(vuln);
"""
"""Only for deletion while the file is built; dropped before it is published."""

DROP_BUILD_INDEXES = "DROP INDEX build_affected; DROP INDEX build_alias;"

REJECTED = -1
"""In `vuln.document`, which otherwise counts documents while the file is built: stands under a CVE that was rejected."""

EXTENTS = """
UPDATE vuln SET document = -1 WHERE kind <> 'withdrawn' AND vid IN (
    SELECT vid FROM vuln WHERE kind = 'withdrawn' AND feed IN ('nvd', 'cve-records')
);
DELETE FROM extent;
INSERT INTO extent
    SELECT feed, ecosystem, release, COUNT(*), MAX(modified) FROM (
        SELECT DISTINCT v.feed, p.ecosystem, p.release, a.vuln, v.modified
        FROM affected a JOIN vuln v ON v.id = a.vuln JOIN package p ON p.id = a.package
    ) GROUP BY feed, ecosystem, release;
UPDATE feed SET records = (SELECT COUNT(*) FROM vuln WHERE feed = feed.id AND kind <> 'withdrawn');
UPDATE feed SET records = (SELECT COUNT(*) FROM kev) WHERE id = 'kev';
UPDATE feed SET records = (SELECT COUNT(*) FROM epss) WHERE id = 'epss';
UPDATE feed SET records = (SELECT COUNT(*) FROM repository) WHERE id IN (SELECT feed FROM repository);
UPDATE feed SET records = (SELECT COUNT(*) FROM support) WHERE id IN (SELECT feed FROM support);
DELETE FROM package WHERE id NOT IN (SELECT package FROM affected);
"""

SCALE = 100_000
"""EPSS figures have five decimals and are kept as integers."""
