-- What consumers read. Views only; a breaking change is a feed_v2 beside this one. Run after every
-- migration, and safe to run again: a view may grow new columns at its end, and nothing else.
-- Every view joins desk.published, the pointer that moves in one transaction with the feed:
-- what is not finished, or superseded before anybody saw it, shows nowhere. Nor may a condition that
-- a reader writes meet it: one that fails says in its message what it met. So a view that is asked
-- by its article is a look-up from the pointer, fenced by an offset, across which the planner moves
-- no condition; the others are security barriers, which let only those through that cannot tell.
-- What views and columns mean stands in feed_v1_comments.sql and, for an article's, in
-- article.v1.json.

create schema if not exists feed_v1;

-- What the look-ups find. A barrier, since a fence hides rows and not the planner's statistics, whose
-- samples of texts that nobody may see would count in what it estimates of a reader's condition.
-- The join is a left one, since that falls away where nothing is read of it.
create or replace view desk.looked_up with (security_barrier) as
select v.article_id, v.version, v.file_id, a.uri, a.first_seen_at, v.headline, v.body_text,
    v.paragraphs, v.byline, v.authors, v.dateline, v.located, v.language, v.published_at,
    v.published_precision, v.published_source, v.updated_at, v.stored_at, v.source, v.url,
    v.canonical_url, v.urgency, v.ed_note, v.rights, v.corrects, v.word_count, v.subjects, v.people,
    v.organisations, v.places, v.countries, v.keywords, v.quotes, v.dates, v.tags_status, v.cause,
    v.content_hash, v.pipeline, v.search
from desk.version v
left join desk.article a on a.id = v.article_id;

create or replace view feed_v1.articles as
select
    p.article_id as id,
    v.uri,
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
    v.first_seen_at,
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
cross join lateral (
    select v.* from desk.looked_up v
    where v.article_id = p.article_id and v.version = p.version
    offset 0
) v;

create or replace view feed_v1.versions as
select
    p.article_id as id,
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
    case when v.told then v.cause else 'the two differ in facts, and one of them is not public' end
        as cause,
    v.stored_at,
    v.position,
    v.file_id,
    case when v.told then v.changed end as changed
from desk.published p
cross join lateral (
    with seen as (
        select v.version, v.headline, v.body_text, v.paragraphs, v.byline, v.authors, v.dateline,
            v.language, v.published_at, v.published_precision, v.source, v.word_count, v.people,
            v.organisations, v.places, v.countries, v.tags_status, v.cause, v.stored_at, v.file_id,
            c.position, f.changed, f.matched_version
        from desk.looked_up v
        join desk.file f on f.id = v.file_id and f.reason is distinct from 'withdrawn'
        cross join lateral (  -- the first time: it comes again when a later one is taken back
            select c.position from desk.change c
            where c.article_id = v.article_id and c.version = v.version
                and c.kind in ('stored', 'revised', 'released', 'restored')
            order by c.position
            limit 1
        ) c
        where v.article_id = p.article_id and v.version <= p.version
    )
    select v.*, v.changed is null or exists (
        select from seen o where o.version = v.matched_version
    ) as told
    from seen v
    offset 0
) v;

create or replace view feed_v1.copies as
select
    f.file_id,
    p.article_id,
    f.version,
    f.relation,
    f.evidence,
    f.scores,
    f.path,
    f.inbox,
    f.noticed_at,
    f.source
from desk.published p
cross join lateral (
    select
        f.id as file_id,
        f.version,
        f.reason as relation,
        case
            when f.changed is null or exists (
                select from feed_v1.versions v
                where v.id = f.matched_id and v.version = f.matched_version
            ) then f.because
            else 'the two differ in facts, and one of them is not public'
        end as evidence,
        f.scores,
        f.path,
        f.inbox,
        f.noticed_at,
        f.source
    from desk.file f
    where f.article_id = p.article_id and f.version <= p.version
        and f.state = 'duplicate' and f.reason in ('exact', 'near')
    union all
    select f.id, m.into_version, 'merged', m.because, f.scores, f.path, f.inbox, f.noticed_at,
        f.source
    from desk.merger m
    join desk.file f on f.article_id = m.article_id
    where m.into_id = p.article_id and f.relation <> 'unchanged'
    offset 0
) f;

create or replace view feed_v1.relations with (security_barrier) as
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

-- Neither this one nor the next hides what was not public once.
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
    p.article_id,
    f.version,
    f.noticed_at,
    f.finished_at
from desk.published p
cross join lateral (
    select f.id, f.inbox, f.path, f.generation, f.size, f.sha256, f.media_type, f.state, f.reason,
        f.version, f.noticed_at, f.finished_at
    from desk.file f
    where f.article_id = p.article_id and f.version <= p.version
        and f.state in ('stored', 'revised', 'duplicate') and f.reason is distinct from 'withdrawn'
    union all
    select f.id, f.inbox, f.path, f.generation, f.size, f.sha256, f.media_type, f.state, f.reason,
        m.into_version, f.noticed_at, f.finished_at
    from desk.merger m
    join desk.file f on f.article_id = m.article_id
    where m.into_id = p.article_id and f.state in ('stored', 'revised', 'duplicate')
    offset 0
) f;

create or replace view feed_v1.topics as
select a.id as article_id, a.version, s.qcode, s.uri, s.name, s.level, s.score, s.evidence
from feed_v1.articles a
cross join lateral jsonb_to_recordset(a.subjects) as s (
    qcode text, uri text, name text, level int, score float8, evidence jsonb
);

create or replace view feed_v1.keyphrases as
select a.id as article_id, a.version, k.phrase, k.score
from feed_v1.articles a
cross join lateral jsonb_to_recordset(a.keywords) as k (phrase text, score float8);

create or replace view feed_v1.quotes as
select
    a.id as article_id, a.version, q.text, q."start", q."end", q.speaker, q.speaker_mention, q.cue
from feed_v1.articles a
cross join lateral jsonb_to_recordset(a.quotes) as q (
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

-- Columns of a table, and not of what is made of it, so that who asks for one finds an index.
create or replace view feed_v1.aliases with (security_barrier) as
select distinct n.entity as entity_id, n.type, n.name as alias from desk.shown_name n;

-- Of several ways to write it, an entity is called by the one that comes with most knowledge.
create or replace view feed_v1.entities with (security_barrier) as
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

create or replace view feed_v1.mentions with (security_barrier) as
select
    a.id as article_id,
    a.version,
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
from feed_v1.articles a
cross join lateral (
    select 'person' as type, jsonb_array_elements(a.people) as entity
    union all select 'organisation', jsonb_array_elements(a.organisations)
    union all select 'place', jsonb_array_elements(a.places)
) e
cross join lateral jsonb_array_elements(e.entity -> 'mentions') m (mention)
left join (
    -- Both say the same: from a version to its names, and from a name to the versions.
    desk.naming u join desk.entity_name n
        on n.canonical and n.id = any(u.names) and u.names @> array[n.id]
) on u.article_id = a.id and u.version = a.version
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

-- Searching by words and by likeness needs operators that a barrier or a fence keeps from an index.
-- These functions may ask the index: what they ask is theirs alone, cannot fail on a row, and what
-- they compare, count and give away is what consumers see.

-- The newest that match are ranked among each other: of a word that half the store has, all
-- occurrences would have to be read to rank them all, and news that nobody has read yet matter more.
-- Words are stemmed as in each language, and an article is found by its own language's stems: the
-- index is asked for all of them at once, then each row for what its language makes of the words,
-- which is what counts, and takes the whole text of a row out of its place. The statement is made of
-- what is asked for and planned for the very words; an index is always the right way to them, since
-- the planner takes texts for cheap to read.
create or replace function feed_v1.search(
    words text,
    at_most integer default 20,
    source text default null,
    language text default null,
    topic text default null,
    entity text default null,
    country text default null,
    since timestamptz default null,
    until timestamptz default null
)
returns table (id uuid, "position" bigint, score real, ranked integer, capped boolean)
language plpgsql stable security definer rows 20
set search_path = ''
set enable_seqscan = off
set max_parallel_workers_per_gather = 0
set client_min_messages = warning  -- of words that are too common, in each language
as $$
declare
    most constant integer := 500;  -- articles that are compared with each other
    facets constant text[] := array(
        select lower(asked.kind || ':' || left(asked.value, 100))  -- as the store has them
        from (
            values ('source', source), ('language', split_part(language, '-', 1)),
                ('country', country),
                ('topic', case when topic ~ '^[0-9]+$' then 'medtop:' else '' end || topic)
        ) asked (kind, value)
        where asked.value <> ''
    );
    names text[];
    its_own tsquery;  -- a language's
    stemmed tsquery;
begin
    if greatest(length(words), length(source), length(topic), length(entity)) > 1000 then
        raise exception 'a search may have 1000 characters' using errcode = '22023';
    end if;
    if words <> '' then
        words := regexp_replace(words, '-[-[:space:]!&|()]*-', ' ', 'g');  -- 32 "not" are an error
        for its_own in
            select distinct query
            from pg_catalog.pg_ts_config c, websearch_to_tsquery(c.oid::regconfig, words) query
            where c.cfgnamespace = 'pg_catalog'::regnamespace and numnode(query) > 0
                and (coalesce(language, '') = '' or c.oid = desk.search_config(language))
        loop
            stemmed := coalesce(stemmed || its_own, its_own);
        end loop;
        if stemmed is null then  -- words that are too common for an index, or none at all
            return;
        end if;
    end if;
    if entity <> '' then  -- by any of its names, whichever article uses it
        names := array(
            select lower('entity:' || left(called.name, 100)) from (
                select search.entity as name
                union
                (
                    select n.name
                    from desk.shown_name asked
                    join desk.entity_name n on n.entity = asked.entity and n.canonical
                    where asked.name ilike regexp_replace(search.entity, '([\\%_])', '\\\1', 'g')
                    limit 100
                )
            ) called
        );
    end if;
    return query execute format(
        $query$
            with found as materialized (
                select p.article_id, p.position, v.search, v.language
                from desk.published p
                join desk.version v on v.article_id = p.article_id and v.version = p.version
                where %s
                order by p.position desc
                limit $2
            )
            select f.article_id, f.position, %s, cast(count(*) over () as integer),
                (select count(*) from found) = $2
            from found f
            where %s
            order by 3 desc, 2 desc
            limit $3
        $query$,
        concat_ws(  -- what is cheap to check first: where no index is asked, this order counts
            ' and ', 'true',
            case when since is not null then 'v.published_at >= $4' end,
            case when until is not null then 'v.published_at < $5' end,
            case when facets <> '{}' then 'v.facets @> $6' end,
            case when names is not null then 'v.facets && $7' end,
            case when stemmed is not null then 'v.search @@ $8' end
        ),
        case when stemmed is null then 'cast(0 as real)' else
            'ts_rank(f.search, websearch_to_tsquery(desk.search_config(f.language), $1), 1)'
        end,
        case when stemmed is null then 'true' else
            'f.search @@ websearch_to_tsquery(desk.search_config(f.language), $1)'
        end
    ) using words, most, least(at_most, most), since, until, facets, names, stemmed;
end
$$;

create or replace function feed_v1.search_headlines(words text, at_most integer default 20)
returns table (id uuid, "position" bigint, score real)
language plpgsql stable security definer rows 20
set enable_seqscan = off
as $$
begin
    if length(words) > 1000 then
        raise exception 'a search may have 1000 characters' using errcode = '22023';
    end if;
    return query
        select p.article_id, p.position, word_similarity(words, v.headline)
        from desk.version v
        join desk.published p on p.article_id = v.article_id and p.version = v.version
        where v.headline %> words
        order by 3 desc, 2 desc
        limit at_most;
end
$$;

create or replace function feed_v1.search_names(name text, at_most integer default 20)
returns table (entity_id text, type text, alias text, score real)
language plpgsql stable security definer rows 20
as $$
begin
    if length(name) > 1000 then
        raise exception 'a search may have 1000 characters' using errcode = '22023';
    end if;
    return query
        select distinct n.entity, n.type, n.name, word_similarity(search_names.name, n.name)
        from desk.shown_name n
        where n.name %> search_names.name
            or n.name ilike '%' || regexp_replace(search_names.name, '([\\%_])', '\\\1', 'g') || '%'
        order by 4 desc, 3, 1
        limit at_most;
end
$$;

-- Trigrams are where an administrator put them; nobody else may create anything there. The first
-- call makes their settings known, which a function may only then have.
do $$
declare
    trigrams constant text := (
        select quote_ident(n.nspname) from pg_catalog.pg_extension e
        join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'
    );
    name text;
begin
    execute format('select %s.word_similarity('''', '''')', trigrams);
    foreach name in array array['search_headlines', 'search_names'] loop
        execute format('alter function feed_v1.%I set search_path = %s, pg_temp', name, trigrams);
        execute format(
            'alter function feed_v1.%I set pg_trgm.word_similarity_threshold = 0.5', name
        );
    end loop;
end
$$;
