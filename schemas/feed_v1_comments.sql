-- What consumers read in \d+: the meaning of every view and column. Run after feed_v1.sql. Columns of
-- articles and versions that are keys of article.v1.json have their meaning from there; what stands
-- here besides wins.

comment on schema feed_v1 is 'What consumers read. See schemas/README.md.';

comment on view feed_v1.articles is
    'The published version of every article. One row an article.';
comment on column feed_v1.articles.position is
    'The position in feed_v1.changes at which this row last changed.';
comment on column feed_v1.articles.search is
    'What feed_v1.search finds it by: the headline weighs A, names B, the body C, in stems of its language. Null in articles of an early release until the clerk has come to them.';

comment on view feed_v1.versions is
    'Every version that was published, with why it exists; the current one included. Of those that were taken back, none.';
comment on column feed_v1.versions.id is 'Of the article, as in feed_v1.articles.';
comment on column feed_v1.versions.cause is 'Why there is this version, in a sentence for people; without facts of a version that nobody may see.';
comment on column feed_v1.versions.position is
    'The position in feed_v1.changes at which this version was first published.';
comment on column feed_v1.versions.file_id is 'The file that it came from, as in feed_v1.files.';
comment on column feed_v1.versions.changed is
    'Numbers that are others than in the version before: pairs of the old and the new; null for none, and where that version is not public.';

comment on view feed_v1.copies is
    'Files that duplicate a published article: how strongly, and why we say so.';
comment on column feed_v1.copies.file_id is 'The file, as in feed_v1.files.';
comment on column feed_v1.copies.article_id is 'The article that has its text.';
comment on column feed_v1.copies.version is
    'The version that was compared with; of one that was merged: that was current then.';
comment on column feed_v1.copies.relation is
    'exact: the same text; near: nearly the same; merged: its article turned out to be this one.';
comment on column feed_v1.copies.evidence is 'Why it is called a copy, in a sentence for people.';
comment on column feed_v1.copies.scores is 'The measures behind it, by name, each from 0 to 1.';
comment on column feed_v1.copies.path is 'Below the inbox; bytes that are not UTF-8 stand as \xNN.';
comment on column feed_v1.copies.inbox is 'The watched folder.';
comment on column feed_v1.copies.noticed_at is 'When the watcher noticed it, by the store''s clock.';
comment on column feed_v1.copies.source is
    'Publisher or agency, per the file; null where it does not say, or an early release read it.';

comment on view feed_v1.relations is
    'Two published articles that stay apart, and what they have in common.';
comment on column feed_v1.relations.article_id is 'The one that came later.';
comment on column feed_v1.relations.other_id is 'The one that was there.';
comment on column feed_v1.relations.relation is
    'contained (one is a part of the other), recurring (items of one series), related; corrects (it says so itself).';
comment on column feed_v1.relations.evidence is 'Why they stay apart, in a sentence for people.';
comment on column feed_v1.relations.scores is
    'What it rests on, each from 0 to 1: containment, jaccard, weighted, title, numbers.';

comment on view feed_v1.changes is
    'The feed: every change that consumers can see, at dense positions, in the order of commits.';
comment on column feed_v1.changes.position is 'From 1, without gaps; greater is later.';
comment on column feed_v1.changes.kind is
    'stored, revised, retagged (the same text, tags anew), regrouped (its copies changed, or it was merged into another), released (it was under embargo), retracted (taken back: it is gone), restored (it is there again), erased (gone for good: delete what you kept of it); more may come.';
comment on column feed_v1.changes.article_id is 'What changed: read it anew in feed_v1.articles.';
comment on column feed_v1.changes.version is 'The version that was current after the change.';
comment on column feed_v1.changes."into" is
    'The article that this one was merged into, and that counts its files now; else null.';
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
comment on column feed_v1.files.version is
    'The version that it became, or that has its text; of a merged article''s file, as in copies.';
comment on column feed_v1.files.noticed_at is 'When the watcher noticed it, by the store''s clock.';
comment on column feed_v1.files.finished_at is 'When its outcome was written.';

comment on view feed_v1.topics is
    'What published articles are about, by IPTC Media Topics: one row a topic of an article.';
comment on column feed_v1.topics.article_id is 'The article, as in feed_v1.articles.';
comment on column feed_v1.topics.version is 'The version that is published.';
comment on column feed_v1.topics.qcode is 'In Media Topics, as medtop:04000000.';
comment on column feed_v1.topics.uri is 'The same as a URI.';
comment on column feed_v1.topics.name is 'In English.';
comment on column feed_v1.topics.level is 'From 1, the top of the tree.';
comment on column feed_v1.topics.score is 'How much the article is about it, from 0 to 1.';
comment on column feed_v1.topics.evidence is 'Words of the article that say so, the weightiest first.';

comment on view feed_v1.keyphrases is
    'Phrases that say what published articles are about: one row a phrase of an article.';
comment on column feed_v1.keyphrases.article_id is 'The article, as in feed_v1.articles.';
comment on column feed_v1.keyphrases.version is 'The version that is published.';
comment on column feed_v1.keyphrases.phrase is 'As in the text.';
comment on column feed_v1.keyphrases.score is 'Within the article, from 0 to 1.';

comment on view feed_v1.quotes is
    'Words that published articles give as somebody''s own: one row a quote.';
comment on column feed_v1.quotes.article_id is 'The article, as in feed_v1.articles.';
comment on column feed_v1.quotes.version is 'The version that is published, which offsets count in.';
comment on column feed_v1.quotes.text is 'The words, without the marks around them.';
comment on column feed_v1.quotes.start is 'Unicode code points from the start of body_text.';
comment on column feed_v1.quotes."end" is 'The same, exclusive.';
comment on column feed_v1.quotes.speaker is
    'Who said it, as an entity of the article is called where there is one; null where nobody is named.';
comment on column feed_v1.quotes.speaker_mention is
    'The same as written beside the quote, a pronoun perhaps; null where only what stands around says it.';
comment on column feed_v1.quotes.cue is 'The verb that tells of it; null without one.';

comment on view feed_v1.aliases is
    'Names that entities go by: one row a name of an entity. feed_v1.search_names finds them by a part.';
comment on column feed_v1.aliases.entity_id is 'As in feed_v1.entities.';
comment on column feed_v1.aliases.type is 'person, organisation or place.';
comment on column feed_v1.aliases.alias is
    'As published articles write it.';

comment on view feed_v1.entities is
    'People, organisations and places that published articles name: one row for all that are the same.';
comment on column feed_v1.entities.id is
    'geonames:N or wikidata:Q where it is linked, else its type, and its name in small letters.';
comment on column feed_v1.entities.type is 'person, organisation or place.';
comment on column feed_v1.entities.name is 'As articles call it; the reference data''s where it is linked.';
comment on column feed_v1.entities.country is 'ISO 3166-1 alpha-2 where known.';
comment on column feed_v1.entities.geonames is 'Its number in GeoNames where it is linked.';
comment on column feed_v1.entities.wikidata is 'Its item in Wikidata where it is linked.';
comment on column feed_v1.entities.aliases is
    'All names by which published articles mention it, the one above included.';
comment on column feed_v1.entities.articles is 'Published articles that mention it.';

comment on view feed_v1.mentions is
    'Where published articles mention an entity: one row a mention.';
comment on column feed_v1.mentions.article_id is 'The article, as in feed_v1.articles.';
comment on column feed_v1.mentions.version is 'The version that is published, which offsets count in.';
comment on column feed_v1.mentions.entity_id is
    'As in feed_v1.entities; null for an article tagged by an early release, until it is tagged anew.';
comment on column feed_v1.mentions.type is 'person, organisation or place.';
comment on column feed_v1.mentions.name is 'What the article calls the entity in full.';
comment on column feed_v1.mentions.field is 'headline or body_text.';
comment on column feed_v1.mentions.start is 'Unicode code points from the start of field.';
comment on column feed_v1.mentions."end" is 'The same, exclusive.';
comment on column feed_v1.mentions.text is 'As written there.';
comment on column feed_v1.mentions.relevance is 'Of the entity in the article, from 0 to 1.';
comment on column feed_v1.mentions.confidence is 'That it is one, of this type; from 0 to 1.';
comment on column feed_v1.mentions.method is 'What found it: model, rules, or both joined by +.';

comment on function feed_v1.changes_after is
    'Changes after a position, in order. Raises CD001 (too old), CD002 (ahead), CD003 (epoch).';
comment on function feed_v1.acknowledge is
    'Tell how far a consumer has read, to have its lag shown; nothing else depends on it.';
comment on function feed_v1.search_config is
    'The text search configuration of a language (BCP 47): what its articles are stemmed by; simple where there is none.';
comment on function feed_v1.search is
    'Published articles that have these words, as on the web, and all that is said besides; no words: all. Of the newest 500 that match, the best come first. ranked: how many were compared; capped: older ones may match, too.';
comment on function feed_v1.search_headlines is
    'Published articles whose headlines look like these words, misspelt perhaps; the likest first.';
comment on function feed_v1.search_names is
    'Rows of feed_v1.aliases that have this part, or look like it; the likest first.';
