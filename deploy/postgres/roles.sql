-- The roles, each with the password that deploy/make_secrets.py made for it. The image runs this when the
-- database is made. It is safe to run again, after an upgrade that brings a role or when the
-- passwords are new:
--   docker compose exec db psql -d copydesk -f /docker-entrypoint-initdb.d/10-roles.sql
-- What they may do in the schemas is granted by the migrations (schemas/roles.sql), which run as
-- copydesk_owner, who may create no role.

\set ON_ERROR_STOP on

-- Read by psql itself: on no command line, in no environment.
\set postgres `cat /run/secrets/postgres_password`
\set owner    `cat /run/secrets/owner_password`
\set worker   `cat /run/secrets/worker_password`
\set reader   `cat /run/secrets/reader_password`
\set consumer `cat /run/secrets/consumer_password`

begin;

select format('create role %I login', role)
from unnest(array['copydesk_owner', 'copydesk_worker', 'copydesk_reader', 'copydesk_consumer']) role
where not exists (select from pg_roles where rolname = role) \gexec

alter role postgres password :'postgres';
alter role copydesk_owner password :'owner';
alter role copydesk_worker password :'worker';
alter role copydesk_reader password :'reader';
alter role copydesk_consumer password :'consumer';

alter database copydesk owner to copydesk_owner;
revoke connect on database copydesk, postgres, template1 from public;
grant connect on database copydesk to copydesk_worker, copydesk_reader, copydesk_consumer;

-- Seat belts: a reader that writes by mistake is told at once, and one that sleeps in the middle of
-- a transaction does not hold up the vacuum for ever.
alter role copydesk_reader set default_transaction_read_only = on;
alter role copydesk_reader set statement_timeout = '15min';
alter role copydesk_consumer set statement_timeout = '15min';
alter role copydesk_reader set idle_in_transaction_session_timeout = '10min';
alter role copydesk_consumer set idle_in_transaction_session_timeout = '10min';

commit;
