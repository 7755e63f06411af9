-- Accounts, sessions, codes, role grants, API keys, assisted mode, messages. Owned by modules/access and platform/auth.
-- Tables of better-auth have its columns under our names. A phone is stored as its blind index only.
create schema auth;
grant usage on schema auth to skills_app;

-- person: a worker with a phone. staff: somebody of an organisation. official: somebody of a department or the bureau,
-- whose roles count only in a session that passed the second factor.
create table auth.users (
  id               uuid primary key default uuidv7(),
  kind             text not null default 'person' check (kind in ('person', 'staff', 'official')),
  name             text not null check (length(name) between 1 and 60), -- an official's name; a worker's masked name
  email            text not null unique check (email like '%.invalid'), -- a key that better-auth wants, never an address
  email_verified   boolean not null default false,
  image            text,
  username         text unique check (username ~ '^[a-z0-9._-]{3,30}$'),
  display_username text,
  phone_index      text unique,
  phone_masked     text,
  phone_sealed     text,
  phone_verified   boolean not null default false,
  two_factor_enabled boolean not null default false,
  person_id        uuid unique references people.persons, -- one human, one account
  identity         text not null default 'none' check (identity in ('none', 'declared', 'verified')),
  must_change_password boolean not null default false,
  disabled_at      timestamptz,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  check ((identity = 'none') = (person_id is null))
);
create index on auth.users (kind, name);

-- How long a session lives: since it was last used, and altogether.
create table auth.session_life (
  kind text primary key check (kind in ('person', 'staff', 'official')),
  idle interval not null,
  most interval not null
);
insert into auth.session_life values
  ('person', '7 days', '30 days'), ('staff', '2 hours', '12 hours'), ('official', '30 minutes', '8 hours');

-- Sessions and codes live in real time, also where the platform's own clock is a demonstration clock.
create table auth.sessions (
  id               uuid primary key default uuidv7(),
  user_id          uuid not null references auth.users on delete cascade,
  token            text not null unique,
  expires_at       timestamptz not null,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  last_seen_at     timestamptz not null default now(),
  second_factor_at timestamptz,
  organisation_id  uuid references people.organisations, -- the one somebody with several acts for
  ip_address       text,
  user_agent       text
);
create index on auth.sessions (user_id);
create index on auth.sessions (expires_at);

create function auth.session_ends() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  select least(new.expires_at, now() + life.most) into new.expires_at
    from auth.users u join auth.session_life life on life.kind = u.kind where u.id = new.user_id;
  return new;
end $$;
create trigger session_ends before insert on auth.sessions for each row execute function auth.session_ends();

-- better-auth: ways to prove an account (password, unified identity). Tokens of the identity provider are never kept.
create table auth.accounts (
  id          uuid primary key default uuidv7(),
  user_id     uuid not null references auth.users on delete cascade,
  account_id  text not null,
  provider_id text not null,
  access_token text check (access_token is null),
  refresh_token text check (refresh_token is null),
  id_token    text check (id_token is null),
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope       text,
  password    text,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index on auth.accounts (user_id);

-- better-auth: half-done sign-ins (second factor pending, round trip to the identity provider).
create table auth.verifications (
  id         uuid primary key default uuidv7(),
  identifier text not null,
  value      text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on auth.verifications (identifier);

-- better-auth: seeds of one-time passwords, encrypted; back-up codes, encrypted.
create table auth.second_factors (
  id           uuid primary key default uuidv7(),
  user_id      uuid not null unique references auth.users on delete cascade,
  secret       text not null,
  backup_codes text not null,
  verified     boolean not null default true,
  failed_verification_count int not null default 0,
  locked_until timestamptz,
  last_step    bigint -- the time step last used: the same one-time password opens nothing twice
);

grant select, insert, update, delete on auth.users, auth.sessions, auth.accounts, auth.verifications, auth.second_factors
  to skills_app;
revoke delete on auth.users from skills_app;
grant select on auth.session_life to skills_app;

-- Codes sent to a phone: for signing in, for another phone, for a consent. Only a keyed hash is kept.
create table auth.codes (
  id         uuid primary key default uuidv7(),
  purpose    text not null check (purpose in ('sign-in', 'phone', 'consent')),
  subject    text not null, -- phone index; for a consent its id
  code_hash  text not null,
  tries      int not null default 0 check (tries between 0 and 5),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index on auth.codes (purpose, subject, created_at desc);
create index on auth.codes (expires_at);
grant select, insert, delete on auth.codes to skills_app;
grant update (tries, used_at, expires_at) on auth.codes to skills_app;

-- Failed sign-ins since the last good one, per account name or phone. Counted before the password is looked at, so that
-- many tries at once count as many.
create table auth.lockouts (
  subject      text primary key,
  failed       int not null default 0,
  failed_at    timestamptz not null,
  locked_until timestamptz
);
grant select, insert, update, delete on auth.lockouts to skills_app;

-- Messages to people. The body is sealed; a demonstration installation shows it, a real one hands it to the SMS gateway.
create table auth.outbox (
  id          uuid primary key default uuidv7(),
  purpose     text not null,
  to_masked   text not null,
  to_sealed   text not null,
  body_sealed text not null,
  created_at  timestamptz not null default now(),
  sent_at     timestamptz,
  failure     text
);
create index on auth.outbox (created_at desc);
grant select, insert, delete on auth.outbox to skills_app;
grant update (sent_at, failure) on auth.outbox to skills_app;

-- Roles, where each is held, and the pairs nobody may hold together: the same tables as platform/permissions.ts, which a
-- test compares, so that the database refuses what the program should never have asked.
create table auth.roles (
  role text primary key,
  held text not null check (held in ('organisation', 'subdistrict', 'body', 'district')),
  unique (role, held)
);
insert into auth.roles values
  ('provider-admin', 'organisation'), ('provider-academic', 'organisation'), ('provider-finance', 'organisation'),
  ('trainer', 'organisation'), ('enterprise-hr', 'organisation'), ('enterprise-finance', 'organisation'),
  ('subdistrict-clerk', 'subdistrict'), ('department-officer', 'body'),
  ('hr-intake', 'district'), ('hr-first-reviewer', 'district'), ('hr-second-reviewer', 'district'),
  ('hr-leader', 'district'), ('fund-clerk', 'district'), ('finance-officer', 'district'), ('rule-admin', 'district'),
  ('statistician', 'district'), ('publicity-editor', 'district'), ('audit-reader', 'district'),
  ('system-admin', 'district'), ('security-admin', 'district'), ('audit-admin', 'district');

create table auth.incompatible_roles (
  role_a text not null references auth.roles,
  role_b text not null references auth.roles,
  primary key (role_a, role_b)
);
insert into auth.incompatible_roles
  select * from (values
    ('hr-first-reviewer', 'hr-second-reviewer'), ('hr-first-reviewer', 'fund-clerk'), ('hr-second-reviewer', 'fund-clerk'),
    ('hr-leader', 'fund-clerk'), ('fund-clerk', 'finance-officer'), ('hr-first-reviewer', 'finance-officer'),
    ('hr-second-reviewer', 'finance-officer'), ('rule-admin', 'hr-leader'), ('system-admin', 'security-admin'),
    ('system-admin', 'audit-admin'), ('security-admin', 'audit-admin')) as pair (role_a, role_b);
insert into auth.incompatible_roles select role_b, role_a from auth.incompatible_roles;
grant select on auth.roles, auth.incompatible_roles to skills_app;

-- Who holds which role, where and when. Proposed by one person, approved by another; neither is the one it is for.
-- An organisation's own administrator gives its roles to its people without the bureau (approved_by stays empty).
create table auth.role_grants (
  id              uuid primary key default uuidv7(),
  user_id         uuid not null references auth.users,
  role            text not null,
  held            text not null,
  organisation_id uuid references people.organisations,
  body            text,
  subdistrict     text check (subdistrict ~ '^\d{9}$'),
  validity        daterange not null check (not isempty(validity) and not lower_inf(validity)),
  state           text not null default 'proposed' check (state in ('proposed', 'in-force', 'rejected', 'revoked')),
  reason          text not null check (length(reason) between 2 and 500),
  granted_by      text not null,
  granted_by_name text not null,
  granted_at      timestamptz not null,
  approved_by     text,
  approved_by_name text,
  approved_at     timestamptz,
  revoked_by      text,
  revoked_by_name text,
  revoked_at      timestamptz,
  revoke_reason   text,
  foreign key (role, held) references auth.roles (role, held),
  check ((held = 'organisation') = (organisation_id is not null)),
  check ((held = 'body') = (body is not null)),
  check ((held = 'subdistrict') = (subdistrict is not null)),
  constraint granted_by_another check (granted_by <> user_id::text),
  constraint approved_by_another check (approved_by <> granted_by and approved_by <> user_id::text),
  constraint approved_before_in_force check (state in ('proposed', 'rejected') or approved_by is not null or held = 'organisation'),
  check ((state = 'revoked') = (revoked_at is not null)),
  constraint same_role_once exclude using gist (user_id with =, role with =, (coalesce(organisation_id::text, body, subdistrict, '')) with =,
    validity with &&) where (state in ('proposed', 'in-force'))
);
create index on auth.role_grants (user_id) where state = 'in-force';
create index on auth.role_grants (organisation_id) where organisation_id is not null;
create index on auth.role_grants (state, granted_at);
grant select, insert on auth.role_grants to skills_app;
grant update (state, validity, approved_by, approved_by_name, approved_at, revoked_by, revoked_by_name, revoked_at, revoke_reason)
  on auth.role_grants to skills_app;

create function auth.roles_compatible() returns trigger language plpgsql set search_path = pg_catalog as $$
declare other text;
begin
  if new.state not in ('proposed', 'in-force') then return new; end if;
  if new.held <> 'organisation' and not exists
    (select 1 from auth.users u where u.id = new.user_id and u.person_id is not null and u.kind = 'official') then
    raise exception using errcode = 'P0001', constraint = 'official_is_known',
      message = 'an office role needs an official''s account that belongs to a known person';
  end if;
  -- one after the other, or two grants at once could each miss the other
  perform pg_advisory_xact_lock(hashtextextended('auth.role_grants:' || new.user_id, 0));
  select g.role into other from auth.role_grants g
    join auth.incompatible_roles i on i.role_a = new.role and i.role_b = g.role
    where g.user_id = new.user_id and g.id <> new.id and g.state in ('proposed', 'in-force') and g.validity && new.validity limit 1;
  if other is not null then
    raise exception using errcode = 'P0001', constraint = 'incompatible_roles',
      message = format('%s and %s may not be held by one person', new.role, other), detail = other;
  end if;
  return new;
end $$;
create trigger roles_compatible before insert or update on auth.role_grants
  for each row execute function auth.roles_compatible();

-- Keys for an organisation's own programs. The key itself is shown once; only its keyed hash is kept.
create table auth.api_keys (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  name            text not null check (length(name) between 2 and 60),
  prefix          text not null,
  key_hash        text not null unique,
  scopes          text[] not null check (cardinality(scopes) > 0),
  created_by      text not null,
  created_by_name text not null,
  created_at      timestamptz not null,
  expires_on      date not null,
  revoked_at      timestamptz,
  revoked_by      text,
  last_used_at    timestamptz
);
create index on auth.api_keys (organisation_id, created_at desc);
grant select, insert on auth.api_keys to skills_app;
grant update (revoked_at, revoked_by, last_used_at) on auth.api_keys to skills_app;

-- Assisted mode: a clerk acts for somebody who consented, once, for one purpose, at most half an hour.
create table auth.consents (
  id            uuid primary key default uuidv7(),
  person_id     uuid not null references people.persons,
  clerk_user_id uuid not null references auth.users,
  subdistrict   text not null,
  purpose       text not null check (length(purpose) between 2 and 200),
  evidence      text not null check (evidence in ('sms-code', 'paper')),
  file_id       uuid references platform.files,
  state         text not null default 'asked' check (state in ('asked', 'active', 'ended')),
  asked_at      timestamptz not null,
  started_at    timestamptz,
  expires_at    timestamptz check (expires_at <= started_at + interval '30 minutes'),
  ended_at      timestamptz,
  end_reason    text check (end_reason in ('done', 'expired', 'replaced', 'cancelled')),
  check ((state = 'asked') or (state = 'ended') or (started_at is not null and expires_at is not null)),
  check ((state = 'ended') = (ended_at is not null)),
  check ((evidence = 'paper') = (file_id is not null))
);
create unique index on auth.consents (clerk_user_id) where state in ('asked', 'active');
create index on auth.consents (person_id, asked_at desc);
create index on auth.consents (subdistrict, asked_at desc);
grant select, insert on auth.consents to skills_app;
grant update (state, started_at, expires_at, ended_at, end_reason) on auth.consents to skills_app;

-- A person's own wish to have the registered name changed, with proof; the desk decides (people.changeName).
create table people.name_requests (
  id          uuid primary key default uuidv7(),
  person_id   uuid not null references people.persons,
  name_sealed text not null,
  name_masked text not null,
  from_on     date not null,
  file_id     uuid not null references platform.files,
  note        text not null default '' check (length(note) <= 500),
  state       text not null default 'asked' check (state in ('asked', 'accepted', 'refused', 'withdrawn')),
  asked_at    timestamptz not null,
  asked_by    text not null,
  decided_at  timestamptz,
  decided_by  text,
  decision    text not null default '',
  check (decided_by is distinct from asked_by or decided_by is null or state = 'withdrawn')
);
create unique index on people.name_requests (person_id) where state = 'asked';
create index on people.name_requests (state, asked_at);
grant select, insert on people.name_requests to skills_app;
grant update (state, decided_at, decided_by, decision) on people.name_requests to skills_app;

-- A department's list of its group, with where it came from. Its rows are memberships that name it.
create table people.group_imports (
  id          uuid primary key default uuidv7(),
  group_code  text not null,
  source_body text not null,
  source      text not null check (length(source) between 2 and 300), -- which list, of which day
  file_name   text not null,
  file_sha256 text not null,
  rows_total  int not null,
  accepted    int not null,
  known       int not null,
  rejected    int not null,
  faults      jsonb not null default '[]',
  by_user     text not null,
  by_name     text not null,
  at          timestamptz not null,
  check (accepted + known + rejected = rows_total)
);
create index on people.group_imports (group_code, at desc);
grant select, insert on people.group_imports to skills_app;
alter table people.group_memberships add column import_id uuid references people.group_imports deferrable initially deferred;
alter table people.group_memberships add column revoked_by text;
alter table people.group_memberships add column revoke_reason text;
alter table people.group_memberships add check ((revoked_at is null) = (revoked_by is null));
grant update (revoked_by, revoke_reason) on people.group_memberships to skills_app;
