-- Records: an xAPI Learning Record Store per organisation. Statements are only ever added to.
create schema records;
grant usage on schema records to skills_app;

-- A program of an organisation, or the platform itself speaking for it. The secret is shown once; its keyed hash stays.
create table records.clients (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  kind            text not null default 'program' check (kind in ('program', 'platform')),
  name            text not null check (length(name) between 2 and 60),
  key             text not null unique,
  secret_hash     text not null,
  scopes          text[] not null check (cardinality(scopes) > 0 and scopes <@ array['statements/write',
    'statements/read/mine', 'statements/read', 'state', 'profile', 'all/read']),
  authority       text not null,
  authority_key   uuid not null,
  created_by      text not null,
  created_by_name text not null,
  created_at      timestamptz not null,
  revoked_at      timestamptz,
  revoked_by      text,
  last_used_at    timestamptz
);
comment on column records.clients.authority is 'The JSON of the agent that every statement of this client carries as its authority.';
create index on records.clients (organisation_id, created_at desc);
create index on records.clients (authority_key);
create unique index on records.clients (organisation_id) where kind = 'platform';
grant select, insert on records.clients to skills_app;
grant update (revoked_at, revoked_by, last_used_at) on records.clients to skills_app;

-- One number for each request that stores; a statement's is that number plus its place, so order needs no lock.
create sequence records.batches increment by 4096;
grant usage on sequence records.batches to skills_app;

-- What an id stands for. Apart from the statements, because these are cut by month and an id is unique for ever.
create table records.ids (
  organisation_id uuid not null,
  id              uuid not null,
  stored          timestamptz not null,
  seq             bigint not null,
  primary key (organisation_id, id)
);
grant select, insert on records.ids to skills_app;

-- agent, verb, activity and registration are digests over the organisation, the kind and the value: 16 bytes however long
-- an IRI is, and no index needs the organisation beside them. The body lacks only "stored".
create table records.statements (
  stored          timestamptz not null,
  seq             bigint not null,
  id              uuid not null,
  organisation_id uuid not null,
  client_id       uuid not null,
  agent           uuid,
  verb            uuid not null,
  activity        uuid,
  registration    uuid,
  voiding         boolean not null,
  body            text not null,
  primary key (stored, seq)
) partition by range (stored);
create index on records.statements (client_id, stored, seq);
create index on records.statements (agent, stored, seq);
create index on records.statements (verb, stored, seq);
create index on records.statements (activity, stored, seq) where activity is not null;
create index on records.statements (registration, stored, seq) where registration is not null;
grant select, insert on records.statements to skills_app;

-- Whatever else a filter may find a statement by: people and activities around it, and all of a statement it refers to.
create table records.terms (
  key    uuid not null,
  stored timestamptz not null,
  seq    bigint not null,
  primary key (key, stored, seq)
) partition by range (stored);
create index on records.terms (stored, seq);
grant select, insert on records.terms to skills_app;

-- Statements whose object is another statement; a voiding one takes its target out of sight.
create table records.refs (
  organisation_id uuid not null,
  target          uuid not null,
  by_id           uuid not null,
  by_stored       timestamptz not null,
  by_seq          bigint not null,
  voiding         boolean not null,
  primary key (organisation_id, target, by_id)
);
grant select, insert on records.refs to skills_app;

-- What is known of an activity: the definitions that statements brought, laid over each other.
create table records.activities (
  organisation_id uuid not null,
  key             uuid not null,
  id              text not null,
  definition      jsonb not null,
  primary key (organisation_id, key)
);
grant select, insert, update (definition) on records.activities to skills_app;

create table records.attachments (
  organisation_id uuid not null,
  sha2            text not null check (sha2 ~ '^[0-9a-f]{56,128}$'),
  media_type      text not null,
  content         bytea not null,
  primary key (organisation_id, sha2)
);
grant select, insert on records.attachments to skills_app;

-- Documents of the state, activity profile and agent profile resources. `place` is the digest of what they belong to.
create table records.documents (
  organisation_id uuid not null,
  kind            text not null check (kind in ('state', 'activity', 'agent')),
  place           uuid not null,
  registration    uuid not null default '00000000-0000-0000-0000-000000000000',
  id              text not null check (length(id) between 1 and 2000),
  media_type      text not null,
  content         bytea not null,
  etag            text not null,
  updated         timestamptz not null,
  primary key (organisation_id, kind, place, registration, id)
);
grant select, insert, update, delete on records.documents to skills_app;

-- Statements sent on to another store, from a position onward.
create table records.forwards (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  name            text not null check (length(name) between 2 and 60),
  endpoint        text not null check (endpoint ~ '^https?://'),
  key             text not null,
  secret_sealed   text not null,
  state           text not null default 'running' check (state in ('running', 'stopped')),
  at_stored       timestamptz not null,
  at_seq          bigint not null default 0,
  sent            bigint not null default 0,
  failures        int not null default 0,
  last_failure    text check (length(last_failure) <= 500),
  next_at         timestamptz not null,
  created_by      text not null,
  created_by_name text not null,
  created_at      timestamptz not null
);
create index on records.forwards (organisation_id);
create index on records.forwards (next_at) where state = 'running';
grant select, insert on records.forwards to skills_app;
grant update (state, at_stored, at_seq, sent, failures, last_failure, next_at) on records.forwards to skills_app;

-- Statements that the other store refused for good.
create table records.dead_letters (
  forward_id   uuid not null references records.forwards,
  statement_id uuid not null,
  status       int not null,
  answer       text not null check (length(answer) <= 500),
  at           timestamptz not null,
  primary key (forward_id, statement_id)
);
grant select, insert on records.dead_letters to skills_app;

-- Makes the month's parts of both tables. Attached rather than created in place: readers and writers of other months
-- are not held up.
create function records.ensure_month(at timestamptz) returns void language plpgsql security definer
set search_path = pg_catalog as $$
declare
  start timestamptz := date_trunc('month', at, 'UTC');
  stop timestamptz := ((start at time zone 'UTC') + interval '1 month') at time zone 'UTC';
  suffix text := to_char(start at time zone 'UTC', 'YYYY_MM');
  part text;
begin
  if to_regclass('records.statements_' || suffix) is not null then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('records.ensure_month', 0));
  if to_regclass('records.statements_' || suffix) is not null then return; end if;
  foreach part in array array['terms', 'statements'] loop
    execute format('create table records.%I (like records.%I including all)', part || '_' || suffix, part);
    execute format('alter table records.%I attach partition records.%I for values from (%L) to (%L)', part,
      part || '_' || suffix, start, stop);
  end loop;
end $$;
revoke all on function records.ensure_month from public;
grant execute on function records.ensure_month to skills_app;

-- Gives the statements that refer to `targets`, directly or over others, everything by which their targets are found.
create function records.spread(organisation uuid, targets uuid[]) returns void language plpgsql
set search_path = pg_catalog as $$
declare
  front uuid[] := targets;
  seen uuid[] := targets;
begin
  while cardinality(front) > 0 loop
    insert into records.terms (key, stored, seq)
    select distinct k.key, r.by_stored, r.by_seq
    from records.refs r
      join records.ids i on i.organisation_id = r.organisation_id and i.id = r.target
      join records.statements s on s.stored = i.stored and s.seq = i.seq
      cross join lateral (
        select unnest(array[s.agent, s.verb, s.activity, s.registration]) as key
        union select t.key from records.terms t where t.stored = i.stored and t.seq = i.seq
      ) k
    where r.organisation_id = organisation and r.target = any(front) and k.key is not null
    on conflict do nothing;
    select coalesce(array_agg(distinct r.by_id), '{}') into front
    from records.refs r where r.organisation_id = organisation and r.target = any(front) and r.by_id <> all(seen);
    seen := seen || front;
  end loop;
end $$;
revoke all on function records.spread from public;
grant execute on function records.spread to skills_app;

-- Laid over: new languages and extensions join the old ones, the newest text of one language stands.
create function records.merged(old jsonb, new jsonb) returns jsonb language sql immutable set search_path = pg_catalog as $$
  select old || new
    || case when old ? 'name' and new ? 'name' then jsonb_build_object('name', (old->'name') || (new->'name')) else '{}' end
    || case when old ? 'description' and new ? 'description'
      then jsonb_build_object('description', (old->'description') || (new->'description')) else '{}' end
    || case when old ? 'extensions' and new ? 'extensions'
      then jsonb_build_object('extensions', (old->'extensions') || (new->'extensions')) else '{}' end
$$;

-- Stores the statements of one request, all or none, in one round trip. Returns nothing, having done nothing, when the
-- client was revoked or an id it chose is taken: the caller then looks and decides. Bodies come in one text, parted by
-- the record separator, which no JSON contains; arrays of quoted JSON would be escaped and unescaped for nothing.
create function records.store(client uuid, organisation uuid, at timestamptz, ids uuid[], chosen boolean, bodies text,
  agents uuid[], verbs uuid[], activities uuid[], registrations uuid[], voids boolean[], term_of int[], term_keys uuid[],
  ref_of int[], ref_targets uuid[], definitions jsonb, files jsonb)
returns table (stored int, first_id uuid) language plpgsql set search_path = pg_catalog as $$
declare
  base bigint;
begin
  perform from records.clients c where c.id = client and c.organisation_id = organisation and c.revoked_at is null;
  if not found then return; end if;
  -- A statement that refers to another must see it, or be seen by it, whichever comes first.
  if cardinality(ref_of) > 0 then perform pg_advisory_xact_lock(hashtextextended(organisation::text, 23));
  else perform pg_advisory_xact_lock_shared(hashtextextended(organisation::text, 23)); end if;
  if chosen and exists (select from records.ids i where i.organisation_id = organisation and i.id = any(ids)) then return; end if;
  base := nextval('records.batches');
  insert into records.ids (organisation_id, id, stored, seq)
    select organisation, u.id, at, base + u.n from unnest(ids) with ordinality u (id, n) order by u.id;
  insert into records.statements (stored, seq, id, organisation_id, client_id, agent, verb, activity, registration, voiding, body)
    select at, base + u.n, u.id, organisation, client, u.agent, u.verb, u.activity, u.registration,
      u.voiding, u.body
    from unnest(ids, agents, verbs, activities, registrations, voids, string_to_array(bodies, chr(30)))
      with ordinality u (id, agent, verb, activity, registration, voiding, body, n);
  if cardinality(term_of) > 0 then
    insert into records.terms (key, stored, seq) select u.key, at, base + u.n from unnest(term_keys, term_of) u (key, n);
  end if;
  if definitions is not null then
    insert into records.activities as a (organisation_id, key, id, definition)
      select organisation, d.key, d.id, d.definition
      from jsonb_to_recordset(definitions) d (key uuid, id text, definition jsonb) order by d.key
    on conflict (organisation_id, key) do update set definition = records.merged(a.definition, excluded.definition)
      where a.definition is distinct from records.merged(a.definition, excluded.definition);
  end if;
  if files is not null then
    insert into records.attachments (organisation_id, sha2, media_type, content)
      select organisation, f.sha2, f.media_type, decode(f.content, 'base64')
      from jsonb_to_recordset(files) f (sha2 text, media_type text, content text) order by f.sha2
    on conflict do nothing;
  end if;
  if cardinality(ref_of) > 0 then
    insert into records.refs (organisation_id, target, by_id, by_stored, by_seq, voiding)
      select organisation, u.target, ids[u.n], at, base + u.n, voids[u.n] from unnest(ref_of, ref_targets) u (n, target);
    perform records.spread(organisation, ref_targets);
  end if;
  if exists (select from records.refs r where r.organisation_id = organisation and r.target = any(ids)) then
    perform records.spread(organisation, ids);
  end if;
  return query select cardinality(ids), ids[1];
end $$;
revoke all on function records.store from public;
grant execute on function records.store to skills_app;

-- Which of the platform's own records have their statement.
create table records.told (
  kind      text not null check (kind in ('enrolment', 'hours', 'hours-taken-back', 'result', 'certificate')),
  record_id text not null,
  at        timestamptz not null,
  primary key (kind, record_id)
);
grant select, insert on records.told to skills_app;
