-- What consumers read in \d+: the meaning of every view and column. Run after feed_v1.sql. Columns of
-- articles and versions that are keys of article.v1.json have their meaning from there; what stands
-- here besides wins.

comment on schema feed_v1 is 'What consumers read. See schemas/README.md.';

comment on view feed_v1.articles is
    'The published version of every article. One row an article.';
comment on column feed_v1.articles.position is
    'The position in feed_v1.changes at which this row last changed.';
comment on column feed_v1.articles.search is
    'For full-text search: the headline weighs A, the body C.';

comment on view feed_v1.versions is
    'Every version that was published, with why it exists; the current one included.';
comment on column feed_v1.versions.id is 'Of the article, as in feed_v1.articles.';
comment on column feed_v1.versions.cause is 'Why there is this version, in a sentence for people.';
comment on column feed_v1.versions.position is
    'The position in feed_v1.changes at which this version was published.';

comment on view feed_v1.copies is
    'Files that duplicate a published article: how strongly, and why we say so.';
comment on column feed_v1.copies.file_id is 'The file, as in feed_v1.files.';
comment on column feed_v1.copies.article_id is 'The article that has its text.';
comment on column feed_v1.copies.version is 'The version that was compared with.';
comment on column feed_v1.copies.relation is 'exact: the same text; near: nearly the same.';
comment on column feed_v1.copies.evidence is 'Why it is called a copy, in a sentence for people.';
comment on column feed_v1.copies.scores is 'The measures behind it, by name, each from 0 to 1.';
comment on column feed_v1.copies.path is 'Below the inbox; bytes that are not UTF-8 stand as \xNN.';
comment on column feed_v1.copies.inbox is 'The watched folder.';
comment on column feed_v1.copies.noticed_at is 'When the watcher noticed it, by the store''s clock.';

comment on view feed_v1.relations is
    'Two published articles that stay apart, and what they have in common.';
comment on column feed_v1.relations.article_id is 'The one that came later.';
comment on column feed_v1.relations.other_id is 'The one that was there.';
comment on column feed_v1.relations.relation is
    'contained (one is a part of the other), recurring (items of one series), related.';
comment on column feed_v1.relations.evidence is 'Why they stay apart, in a sentence for people.';
comment on column feed_v1.relations.scores is
    'What it rests on, each from 0 to 1: containment, jaccard, weighted, title, numbers.';

comment on view feed_v1.changes is
    'The feed: every change that consumers can see, at dense positions, in the order of commits.';
comment on column feed_v1.changes.position is 'From 1, without gaps; greater is later.';
comment on column feed_v1.changes.kind is
    'stored, revised, retagged (the same text, tags anew), regrouped (its copies changed); more may come.';
comment on column feed_v1.changes.article_id is 'What changed: read it anew in feed_v1.articles.';
comment on column feed_v1.changes.version is 'The version that was current after the change.';
comment on column feed_v1.changes."into" is 'The article that this one was merged into, else null.';
comment on column feed_v1.changes.cause is 'Why, in a sentence for people.';
comment on column feed_v1.changes.at is 'When, by the store''s clock; the order is that of position.';

comment on view feed_v1.head is
    'Where the feed begins and ends: one row. Empty when smallest is greater than greatest.';
comment on column feed_v1.head.epoch is
    'Another after a restore from a backup: then read everything again.';
comment on column feed_v1.head.smallest is 'The smallest position that is kept.';
comment on column feed_v1.head.greatest is 'The greatest position given; 0 before the first.';

comment on view feed_v1.files is
    'Where published articles came from: every file that became, revised or duplicates one.';
comment on column feed_v1.files.id is 'The file''s, in the ledger.';
comment on column feed_v1.files.inbox is 'The watched folder.';
comment on column feed_v1.files.path is 'Below the inbox; bytes that are not UTF-8 stand as \xNN.';
comment on column feed_v1.files.generation is 'From 1: one for each new content at the path.';
comment on column feed_v1.files.size is 'Bytes.';
comment on column feed_v1.files.sha256 is 'Of the bytes, in hex.';
comment on column feed_v1.files.media_type is 'As recognised from the content.';
comment on column feed_v1.files.state is 'stored, revised or duplicate.';
comment on column feed_v1.files.reason is
    'Of a duplicate: exact, near or unchanged; tagging_failed where the tags are missing.';
comment on column feed_v1.files.article_id is 'The article that it became, revised or duplicates.';
comment on column feed_v1.files.version is 'The version that it became, or that has its text.';
comment on column feed_v1.files.noticed_at is 'When the watcher noticed it, by the store''s clock.';
comment on column feed_v1.files.finished_at is 'When its outcome was written.';

comment on function feed_v1.changes_after is
    'Changes after a position, in order. Raises CD001 (too old), CD002 (ahead), CD003 (epoch).';
