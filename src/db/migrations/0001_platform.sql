-- Platform: settings, life-cycle moves, clocks, idempotency, files; and the audit trail.
-- Owned by src/platform. The role skills_app is the application: it owns nothing and may only do what is granted here.
create extension if not exists btree_gist;

create schema platform;
create schema audit;
grant usage on schema platform, audit to skills_app;

-- Facts about this installation (plan id, demonstration clock). Written by the installer, read by the application.
create table platform.installation (
  key   text primary key,
  value jsonb not null
);
grant select on platform.installation to skills_app;

-- Every move of every life cycle: the history of a record is these rows, never an edited column.
create table platform.moves (
  id           uuid primary key default uuidv7(),
  subject_kind text not null,
  subject_id   uuid not null,
  move         text not null,
  from_state   text not null,
  to_state     text not null,
  at           timestamptz not null,
  actor_id     text not null,
  actor_name   text not null,
  reason_codes text[] not null default '{}',
  note         text not null default '' check (length(note) <= 4000)
);
create index on platform.moves (subject_kind, subject_id, at);
grant select, insert on platform.moves to skills_app;

-- A statutory clock in working days. Stopped while a correction is awaited (补正), so the due day moves.
create table platform.clocks (
  id           uuid primary key default uuidv7(),
  subject_kind text not null,
  subject_id   uuid not null,
  kind         text not null check (kind in ('review', 'approve', 'publicity', 'payment', 'correction', 'objection')),
  started_on   date not null,
  workdays     int not null check (workdays >= 0),
  due_on       date,
  ended_on     date check (ended_on >= started_on),
  rule_id      text not null
);
create unique index on platform.clocks (subject_kind, subject_id, kind) where ended_on is null;
create index on platform.clocks (due_on) where ended_on is null;
create table platform.clock_stops (
  id       uuid primary key default uuidv7(),
  clock_id uuid not null references platform.clocks,
  from_on  date not null,
  to_on    date check (to_on >= from_on),
  reason   text not null
);
create unique index on platform.clock_stops (clock_id) where to_on is null;
grant select, insert on platform.clocks, platform.clock_stops to skills_app;
grant update (due_on, ended_on) on platform.clocks to skills_app;
grant update (to_on) on platform.clock_stops to skills_app;

-- What the bureau has set within the law: dated figures and open decisions. Proposed by one person, approved by another;
-- never edited: a new row takes over from its day on, and the old ones stay the answer for old days.
create table platform.settings (
  id          uuid primary key default uuidv7(),
  kind        text not null check (kind in ('figure', 'decision')),
  key         text not null,
  value       jsonb not null,
  from_on     date not null,
  to_on       date check (to_on >= from_on),
  source      text not null check (length(source) between 2 and 500),
  state       text not null default 'proposed' check (state in ('proposed', 'in-force', 'rejected')),
  proposed_by text not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  approved_by text,
  approved_by_name text,
  approved_at timestamptz,
  check (approved_by is distinct from proposed_by or approved_by is null),
  check ((state = 'proposed') = (approved_by is null))
);
create index on platform.settings (kind, key, from_on);
grant select, insert on platform.settings to skills_app;
grant update (state, approved_by, approved_by_name, approved_at) on platform.settings to skills_app;

-- An answer kept for a write that carried an idempotency key: the same key gets the same answer, once.
create table platform.idempotency (
  scope       text not null,
  key         text not null check (length(key) between 1 and 200),
  command     text not null,
  fingerprint text not null,
  response    jsonb,
  at          timestamptz not null,
  primary key (scope, key)
);
grant select, insert, delete on platform.idempotency to skills_app;
grant update (response) on platform.idempotency to skills_app;

-- Bytes that people gave us or that we made, by content: the same file is stored once.
create table platform.files (
  id            uuid primary key default uuidv7(),
  sha256        text not null,
  media_type    text not null,
  name          text not null check (length(name) between 1 and 200),
  size_bytes    bigint not null check (size_bytes >= 0),
  content       bytea not null,
  owner_user_id text,
  organisation_id uuid,
  purpose       text not null,
  at            timestamptz not null
);
create index on platform.files (sha256);
grant select, insert on platform.files to skills_app;

-- Tries of something that is limited (codes, sign-ins, look-ups), counted per key and window.
create unlogged table platform.rate_limits (
  key        text not null,
  window_at  timestamptz not null,
  tries      int not null,
  primary key (key, window_at)
);
grant select, insert, update, delete on platform.rate_limits to skills_app;

-- Jobs are queued in the same commit as the data they serve; the application may add one and nothing else.
create function platform.enqueue(job text, payload json, job_key text default null, run_at timestamptz default null)
returns void language sql security definer set search_path = pg_catalog as $$
  select graphile_worker.add_job(identifier => job, payload => payload, job_key => job_key, run_at => run_at)
$$;
revoke all on function platform.enqueue from public;
grant execute on function platform.enqueue to skills_app;

-- One row per command, written in the command's own transaction. Only ever added to.
create table audit.entries (
  id           uuid primary key default uuidv7(),
  at           timestamptz not null,
  actor_kind   text not null check (actor_kind in ('user', 'system', 'api-key', 'anonymous')),
  actor_id     text not null,
  actor_name   text not null,
  on_behalf_of uuid,
  command      text not null,
  subjects     text[] not null,
  input        jsonb not null,
  outcome      jsonb not null,
  request_id   text not null,
  tx           xid8 not null default pg_current_xact_id()
);
comment on column audit.entries.subjects is 'What the command touched, as kind:id, the main one first. Personal data never appears here.';
create index on audit.entries using gin (subjects);
create index on audit.entries (actor_id, at desc);
create index on audit.entries (at desc);
create index on audit.entries (tx, id);
grant select, insert on audit.entries to skills_app;

-- The hash chain over the entries, in commit order. Links are made by audit.seal() a moment after the commit, so that
-- concurrent commands do not wait for each other; whatever is not yet linked is at the tail and is shown as such.
create table audit.links (
  seq      bigint primary key check (seq > 0),
  entry_id uuid not null unique references audit.entries,
  hash     text not null check (length(hash) = 64)
);
grant select on audit.links to skills_app;

create function audit.canonical(e audit.entries) returns text language sql stable set search_path = pg_catalog as $$
  select concat_ws(E'\n', e.id::text,
    to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    e.actor_kind, e.actor_id, e.actor_name, coalesce(e.on_behalf_of::text, '-'), e.command,
    array_to_string(e.subjects, ','), e.input::text, e.outcome::text, e.request_id)
$$;

-- Links every entry whose transaction is older than any still running. Returns how many it linked.
create function audit.seal(at_most int default 5000) returns int language plpgsql security definer
set search_path = pg_catalog as $$
declare
  horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  last_hash text; last_seq bigint; last_tx xid8; last_id uuid; entry audit.entries; linked int := 0;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('audit.seal', 0)) then return 0; end if;
  select l.seq, l.hash, e.tx, e.id into last_seq, last_hash, last_tx, last_id
    from audit.links l join audit.entries e on e.id = l.entry_id order by l.seq desc limit 1;
  last_seq := coalesce(last_seq, 0);
  last_hash := coalesce(last_hash, repeat('0', 64));
  for entry in
    select e.* from audit.entries e
    where e.tx < horizon and (last_tx is null or (e.tx, e.id) > (last_tx, last_id))
    order by e.tx, e.id limit at_most
  loop
    last_seq := last_seq + 1;
    last_hash := encode(sha256(convert_to(last_hash || E'\n' || audit.canonical(entry), 'UTF8')), 'hex');
    insert into audit.links (seq, entry_id, hash) values (last_seq, entry.id, last_hash);
    linked := linked + 1;
  end loop;
  return linked;
end $$;
revoke all on function audit.seal from public;
grant execute on function audit.seal to skills_app;
