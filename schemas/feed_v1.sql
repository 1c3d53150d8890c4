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
    c.position,
    v.file_id,
    f.changed
from desk.published p
join desk.version v on v.article_id = p.article_id and v.version <= p.version
join desk.file f on f.id = v.file_id and f.reason is distinct from 'withdrawn'
join lateral (  -- the first time that it was seen: after a later one was taken back, it comes again
    select c.position from desk.change c
    where c.article_id = v.article_id and c.version = v.version
        and c.kind in ('stored', 'revised', 'released', 'restored')
    order by c.position
    limit 1
) c on true;

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
    f.noticed_at,
    f.source
from desk.published p
join desk.file f on f.article_id = p.article_id
where f.state = 'duplicate' and f.reason in ('exact', 'near') and f.version <= p.version
union all
select
    f.id,
    m.into_id,
    m.into_version,
    'merged',
    m.because,
    f.scores,
    f.path,
    f.inbox,
    f.noticed_at,
    f.source
from desk.merger m
join desk.published p on p.article_id = m.into_id
join desk.file f on f.article_id = m.article_id
where f.relation <> 'unchanged';

create or replace view feed_v1.relations as
select r.article_id, r.other_id, r.kind as relation, r.because as evidence, r.scores
from desk.relation r
join desk.published p on p.article_id = r.article_id
join desk.published o on o.article_id = r.other_id
union all
select distinct c.article_id, o.article_id, 'corrects', 'it says that it corrects it', null::jsonb
from desk.correction c
join desk.published p on p.article_id = c.article_id and p.version = c.version
join lateral (
    select a.id as article_id from desk.article a where a.uri_key = c.uri_key
    union all
    select l.article_id from desk.alias l where l.uri_key = c.uri_key
) named on true
left join desk.merger m on m.article_id = named.article_id
join desk.published o on o.article_id = coalesce(m.into_id, named.article_id)
where o.article_id <> c.article_id;

create or replace view feed_v1.changes as
select c.position, c.kind, c.article_id, c.version, c."into", c.cause, c.at
from desk.change c
where c.position >= (select h.smallest from desk.head h);  -- what is before it may be gone

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
where f.state in ('stored', 'revised', 'duplicate') and f.version <= p.version
    and f.reason is distinct from 'withdrawn'
union all
select
    f.id,
    f.inbox,
    f.path,
    f.generation,
    f.size,
    encode(f.sha256, 'hex'),
    f.media_type,
    f.state,
    f.reason,
    m.into_id,
    m.into_version,
    f.noticed_at,
    f.finished_at
from desk.merger m
join desk.published p on p.article_id = m.into_id
join desk.file f on f.article_id = m.article_id
where f.state in ('stored', 'revised', 'duplicate');

create or replace view feed_v1.topics as
select p.article_id, p.version, s.qcode, s.uri, s.name, s.level, s.score, s.evidence
from desk.published p
join desk.version v on v.article_id = p.article_id and v.version = p.version
cross join lateral jsonb_to_recordset(v.subjects) as s (
    qcode text, uri text, name text, level int, score float8, evidence jsonb
);

create or replace view feed_v1.keyphrases as
select p.article_id, p.version, k.phrase, k.score
from desk.published p
join desk.version v on v.article_id = p.article_id and v.version = p.version
cross join lateral jsonb_to_recordset(v.keywords) as k (phrase text, score float8);

create or replace view feed_v1.quotes as
select
    p.article_id, p.version, q.text, q."start", q."end", q.speaker, q.speaker_mention, q.cue
from desk.published p
join desk.version v on v.article_id = p.article_id and v.version = p.version
cross join lateral jsonb_to_recordset(v.quotes) as q (
    text text, "start" int, "end" int, speaker text, speaker_mention text, cue text
);

-- Names of entities that some published version uses; those that only others use are nobody's.
create or replace view desk.shown_name as
select n.id, n.entity, n.type, n.name, n.canonical, n.country, n.geonames, n.wikidata
from desk.entity_name n
where exists (
    select from desk.naming u
    join desk.published p on p.article_id = u.article_id and p.version = u.version
    where u.names @> array[n.id]
);

-- Columns of a table, and not of what is made of it, so that a search for them finds an index.
create or replace view feed_v1.aliases as
select distinct n.entity as entity_id, n.type, n.name as alias from desk.shown_name n;

-- Of several ways to write it, an entity is called by the one that comes with most knowledge.
create or replace view feed_v1.entities as
select
    n.entity as id,
    n.type,
    n.name,
    n.country,
    n.geonames,
    n.wikidata,
    array(
        select a.alias from feed_v1.aliases a
        where a.entity_id = n.entity order by a.alias collate "C"
    ) as aliases,
    (
        select count(*) from desk.naming u
        join desk.published p on p.article_id = u.article_id and p.version = u.version
        where u.names && array(
            select c.id from desk.entity_name c where c.entity = n.entity and c.canonical
        )
    ) as articles
from desk.shown_name n
where n.canonical and not exists (
    select from desk.shown_name o
    where o.entity = n.entity and o.canonical and o.id <> n.id
        and (o.wikidata is null, o.country is null, o.name = upper(o.name), o.name collate "C", o.id)
        < (n.wikidata is null, n.country is null, n.name = upper(n.name), n.name collate "C", n.id)
);

create or replace view feed_v1.mentions as
select
    p.article_id,
    p.version,
    n.entity as entity_id,
    e.type,
    e.entity ->> 'name' as name,
    m.mention ->> 'field' as field,
    (m.mention ->> 'start')::int as "start",
    (m.mention ->> 'end')::int as "end",
    m.mention ->> 'text' as text,
    (e.entity ->> 'relevance')::float8 as relevance,
    (e.entity ->> 'confidence')::float8 as confidence,
    e.entity ->> 'method' as method
from desk.published p
join desk.version v on v.article_id = p.article_id and v.version = p.version
cross join lateral (
    select 'person' as type, jsonb_array_elements(v.people) as entity
    union all select 'organisation', jsonb_array_elements(v.organisations)
    union all select 'place', jsonb_array_elements(v.places)
) e
cross join lateral jsonb_array_elements(e.entity -> 'mentions') m (mention)
left join (
    -- Both say the same: from a version to its names, and from a name to the versions.
    desk.naming u join desk.entity_name n
        on n.canonical and n.id = any(u.names) and u.names @> array[n.id]
) on u.article_id = p.article_id and u.version = p.version
    and n.type = e.type and n.name = e.entity ->> 'name';

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

create or replace function feed_v1.acknowledge(consumer text, "position" bigint)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
    greatest_given bigint := (select h.position from desk.head h);
begin
    if coalesce(length(consumer), 0) not between 1 and 100 then
        raise exception 'a consumer has a name of 1 to 100 characters' using errcode = '22023';
    elsif "position" is null or "position" not between 0 and greatest_given then
        raise exception 'position % is not one of the feed, which ends at %', "position", greatest_given
            using errcode = 'CD002', hint = 'is this the database that the position came from?';
    end if;
    insert into desk.consumer (name, position) values (consumer, acknowledge."position")
    on conflict (name) do update set position = excluded.position, seen_at = now();
end
$$;

create or replace function feed_v1.search_config(language text) returns regconfig
language sql immutable parallel safe
return desk.search_config(language);
