-- Who may do what. Grants protect; read-only defaults are a seat belt. Run after every migration.
-- Roles are made where the migrating role may make them; else an administrator makes them first
-- (deploy/postgres does). They log in with whatever secret the administrator gives them.

do $$
declare
    name text;
begin
    foreach name in array array['copydesk_worker', 'copydesk_reader', 'copydesk_consumer'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = name) then
            execute format('create role %I login', name);
        end if;
    end loop;
exception
    when duplicate_object or unique_violation then null;  -- another database's migration was faster
    when insufficient_privilege then
        raise exception 'this role may not create roles, and % is missing', name
            using hint = 'let an administrator run: create role ' || name || ' login';
end
$$;

do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$;
revoke all on schema public from public;

grant usage on schema desk to copydesk_worker;
grant select, insert, update, delete on all tables in schema desk to copydesk_worker;
grant truncate on desk.sketch_0, desk.sketch_1, desk.sketch_2 to copydesk_worker;  -- the clerk's
grant usage on all sequences in schema desk to copydesk_worker;
grant usage on schema feed_v1 to copydesk_worker, copydesk_reader, copydesk_consumer;
grant select on all tables in schema feed_v1 to copydesk_worker, copydesk_reader, copydesk_consumer;
revoke execute on all functions in schema feed_v1 from public;
grant execute on function feed_v1.changes_after to copydesk_worker, copydesk_reader, copydesk_consumer;
grant execute on function feed_v1.search_config to copydesk_worker, copydesk_reader, copydesk_consumer;
grant execute on function feed_v1.search, feed_v1.search_headlines, feed_v1.search_names
    to copydesk_worker, copydesk_reader, copydesk_consumer;
grant execute on function feed_v1.acknowledge to copydesk_consumer;
-- Where the operators of trigram search are; nobody may create anything there.
grant usage on schema public to copydesk_worker, copydesk_reader, copydesk_consumer;

-- Seat belts of those who log in: a statement that runs away, a transaction that is forgotten open
-- and holds up the vacuum. Whoever may not set them for these roles leaves it to an administrator.
do $$
declare
    name text;
begin
    foreach name in array array['copydesk_reader', 'copydesk_consumer'] loop
        execute format('alter role %I set statement_timeout = ''15min''', name);
        execute format('alter role %I set idle_in_transaction_session_timeout = ''10min''', name);
    end loop;
exception
    when insufficient_privilege or internal_error then null;  -- or another database's migration does it
end
$$;
