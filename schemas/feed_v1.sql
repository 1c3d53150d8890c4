-- What consumers read. Views only; a breaking change is a feed_v2 beside this one. Run after every
-- migration, and safe to run again: a view may grow new columns at its end, and nothing else.
-- Every view joins desk.published, the pointer that moves in one transaction with the feed:
-- what is not finished, or superseded before anybody saw it, shows nowhere.
-- What views and columns mean stands in feed_v1_comments.sql and, for an article's, in
-- article.v1.json.

create schema if not exists feed_v1;

create or replace view feed_v1.articles as
select
    v.article_id as id,
    a.uri,
    v.version,
    v.headline,
    v.body_text,
    v.paragraphs,
    v.byline,
    v.authors,
    v.dateline,
    v.located,
    v.language,
    v.published_at,
    v.published_precision,
    v.published_source,
    v.updated_at,
    a.first_seen_at,
    v.stored_at,
    v.source,
    v.url,
    v.canonical_url,
    v.urgency,
    v.ed_note,
    v.rights,
    v.corrects,
    v.word_count,
    p.copies,
    v.subjects,
    v.people,
    v.organisations,
    v.places,
    v.countries,
    v.keywords,
    v.quotes,
    v.dates,
    v.tags_status,
    encode(v.content_hash, 'hex') as content_hash,
    v.pipeline,
    p.position,
    v.search
from desk.published p
join desk.article a on a.id = p.article_id
join desk.version v on v.article_id = p.article_id and v.version = p.version;

create or replace view feed_v1.versions as
select
    v.article_id as id,
    v.version,
    v.headline,
    v.body_text,
    v.paragraphs,
    v.byline,
    v.authors,
    v.dateline,
    v.language,
    v.published_at,
    v.published_precision,
    v.source,
    v.word_count,
    v.people,
    v.organisations,
    v.places,
    v.countries,
    v.tags_status,
    v.cause,
    v.stored_at,
    c.position
from desk.published p
join desk.change c
    on c.article_id = p.article_id and c.kind in ('stored', 'revised') and c.version <= p.version
join desk.version v on v.article_id = c.article_id and v.version = c.version;

create or replace view feed_v1.copies as
select
    f.id as file_id,
    f.article_id,
    f.version,
    f.reason as relation,
    f.because as evidence,
    f.scores,
    f.path,
    f.inbox,
    f.noticed_at
from desk.published p
join desk.file f on f.article_id = p.article_id
where f.state = 'duplicate' and f.reason in ('exact', 'near') and f.version <= p.version;

create or replace view feed_v1.relations as
select r.article_id, r.other_id, r.kind as relation, r.because as evidence, r.scores
from desk.relation r
join desk.published p on p.article_id = r.article_id
join desk.published o on o.article_id = r.other_id;

create or replace view feed_v1.changes as
select c.position, c.kind, c.article_id, c.version, c."into", c.cause, c.at
from desk.change c;

create or replace view feed_v1.head as
select h.epoch, h.smallest, h.position as greatest from desk.head h;

create or replace view feed_v1.files as
select
    f.id,
    f.inbox,
    f.path,
    f.generation,
    f.size,
    encode(f.sha256, 'hex') as sha256,
    f.media_type,
    f.state,
    f.reason,
    f.article_id,
    f.version,
    f.noticed_at,
    f.finished_at
from desk.published p
join desk.file f on f.article_id = p.article_id
where f.state in ('stored', 'revised', 'duplicate') and f.version <= p.version;

create or replace function feed_v1.changes_after(
    after bigint, at_most integer default 500, reader_epoch uuid default null
)
returns setof feed_v1.changes
language plpgsql stable
set search_path = ''
as $$
declare
    h feed_v1.head;
begin
    select * into strict h from feed_v1.head;
    after := coalesce(after, 0);  -- whoever has seen nothing begins at the beginning
    if reader_epoch is not null and reader_epoch <> h.epoch then
        raise exception 'the feed was restored: its epoch is %, yours is %', h.epoch, reader_epoch
            using errcode = 'CD003', hint = 'read feed_v1.articles anew, then follow from feed_v1.head';
    elsif after < h.smallest - 1 then
        raise exception 'changes after % are no longer kept; the first is %', after, h.smallest
            using errcode = 'CD001', hint = 'read feed_v1.articles anew, then follow from feed_v1.head';
    elsif after > h.greatest then
        raise exception 'position % is ahead of the feed, which ends at %', after, h.greatest
            using errcode = 'CD002', hint = 'is this the database that the position came from?';
    end if;
    return query
        select * from feed_v1.changes c where c.position > after order by c.position limit at_most;
end
$$;
