-- Other platforms: their tools in our courses, our courses in their platforms, members who sign in at their own employer.
-- Owned by modules/connect; the last part by modules/access. Clause: HZ4-M13.
create schema connect;
grant usage on schema connect to skills_app;

-- RSA keys that sign messages to tools and platforms. Public halves are at /lti/jwks until the key is long retired.
create table connect.keys (
  id             uuid primary key default uuidv7(),
  kid            text not null unique check (kid ~ '^[A-Za-z0-9_-]{8,64}$'),
  public_jwk     jsonb not null,
  private_sealed text not null,
  state          text not null default 'active' check (state in ('active', 'retired', 'withdrawn')),
  reason         text not null default '' check (length(reason) <= 500),
  made_at        timestamptz not null default now(), -- in real time, as everything that others check against their clocks
  ended_at       timestamptz,
  check ((state = 'active') = (ended_at is null))
);
create unique index one_active_key on connect.keys ((true)) where state = 'active';
grant select, insert on connect.keys to skills_app;
grant update (state, reason, ended_at) on connect.keys to skills_app;

-- A tool of somebody else that lessons may open. What was approved never changes: another address is another tool.
create table connect.tools (
  id              uuid primary key default uuidv7(),
  organisation_id uuid references people.organisations, -- null: the district's, for every course
  name            text not null check (length(name) between 2 and 80),
  purpose         text not null check (length(purpose) between 4 and 500),
  client_id       text not null unique,
  deployment_id   text not null,
  login_url       text not null,
  target_url      text not null,
  deep_link_url   text,
  redirect_uris   text[] not null check (cardinality(redirect_uris) between 1 and 10),
  jwks_url        text,
  public_jwks     jsonb,
  scopes          text[] not null default '{}'
    check (scopes <@ array['lineitem', 'lineitem.readonly', 'result.readonly', 'score', 'membership']),
  tells           text[] not null default '{}' check (tells <@ array['name']), -- what leaves the house besides a pseudonym
  custom          jsonb not null default '{}',
  opens           text not null default 'window' check (opens in ('window', 'frame')),
  state           text not null default 'proposed' check (state in ('proposed', 'active', 'suspended', 'rejected', 'ended')),
  proposed_by     text not null,
  proposed_by_name text not null,
  proposed_at     timestamptz not null,
  decided_by      text,
  decided_by_name text,
  decided_at      timestamptz,
  decision_note   text not null default '' check (length(decision_note) <= 500),
  check ((jwks_url is null) <> (public_jwks is null)),
  check (decided_by is distinct from proposed_by),
  check ((state = 'proposed') = (decided_by is null)),
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (decided_by_name is null))
);
create index on connect.tools (organisation_id);
grant select, insert on connect.tools to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, decision_note) on connect.tools to skills_app;

create function connect.goes_forward() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> new.state and (old.state, new.state) not in (('proposed', 'active'), ('proposed', 'rejected'),
      ('active', 'suspended'), ('suspended', 'active'), ('active', 'ended'), ('suspended', 'ended')) then
    raise exception using errcode = 'P0001', constraint = 'goes_forward', message = 'a registration only goes forward';
  end if;
  return new;
end $$;
create trigger goes_forward before update on connect.tools for each row execute function connect.goes_forward();

-- Who somebody is to one tool: a number of its own, so that two tools cannot join what they know.
create table connect.subjects (
  tool_id   uuid not null references connect.tools,
  person_id uuid not null references people.persons,
  subject   text not null unique default gen_random_uuid()::text,
  primary key (tool_id, person_id)
);
grant select, insert on connect.subjects to skills_app;

-- One place in a course that opens a tool: the resource link. Lessons name it in their body, across versions.
create table connect.links (
  id         uuid primary key default gen_random_uuid(),
  tool_id    uuid not null references connect.tools,
  course_id  uuid not null references library.courses,
  title      text not null check (length(title) between 1 and 120),
  url        text not null,
  custom     jsonb not null default '{}',
  created_by text not null,
  created_at timestamptz not null,
  unique (id, tool_id, course_id)
);
create index on connect.links (course_id);
grant select, insert on connect.links to skills_app;

alter table library.items drop constraint items_kind_check;
alter table library.items add constraint items_kind_check
  check (kind in ('video', 'audio', 'document', 'text', 'exam', 'assignment', 'case', 'package', 'lti'));

-- One opening of a tool, by one person, once.
create table connect.launches (
  id              uuid primary key default uuidv7(),
  token_digest    text not null unique,
  kind            text not null check (kind in ('resource', 'deep-linking')),
  tool_id         uuid not null references connect.tools,
  link_id         uuid references connect.links,
  course_id       uuid not null references library.courses,
  account_id      uuid not null references auth.users,
  person_id       uuid not null references people.persons,
  registration_id uuid references learning.registrations,
  item_id         uuid,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz not null,
  used_at         timestamptz,
  answered_at     timestamptz, -- the tool has sent back what was picked
  picked          jsonb,
  added_at        timestamptz,
  check ((kind = 'resource') = (link_id is not null)),
  check ((kind = 'resource') = (registration_id is not null)),
  check ((answered_at is null) = (picked is null)),
  check (answered_at is null or kind = 'deep-linking' and used_at is not null),
  check (added_at is null or answered_at is not null)
);
create index on connect.launches (person_id, link_id) where used_at is not null;
create index on connect.launches (tool_id, created_at desc);
grant select, insert on connect.launches to skills_app;
grant update (used_at, answered_at, picked, added_at) on connect.launches to skills_app;

-- Numbers of messages that were taken: none is taken twice.
create table connect.seen (
  sender     text not null,
  number     text not null,
  expires_at timestamptz not null,
  primary key (sender, number)
);
create index on connect.seen (expires_at);
grant select, insert, delete on connect.seen to skills_app;

create table connect.tokens (
  digest     text primary key,
  tool_id    uuid not null references connect.tools,
  scopes     text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index on connect.tokens (expires_at);
grant select, insert, delete on connect.tokens to skills_app;

create table connect.line_items (
  id          uuid primary key default gen_random_uuid(),
  tool_id     uuid not null references connect.tools,
  course_id   uuid not null references library.courses,
  link_id     uuid,
  label       text not null check (length(label) between 1 and 200),
  maximum     numeric not null check (maximum > 0 and maximum <= 1000000),
  resource_id text not null default '' check (length(resource_id) <= 255),
  tag         text not null default '' check (length(tag) <= 255),
  starts_at   timestamptz,
  ends_at     timestamptz,
  made_by     text not null check (made_by in ('author', 'tool')),
  created_at  timestamptz not null,
  removed_at  timestamptz, -- the tool took it away; its scores stay as evidence
  foreign key (link_id, tool_id, course_id) references connect.links (id, tool_id, course_id)
);
create index on connect.line_items (course_id, tool_id) where removed_at is null;
create index on connect.line_items (link_id) where link_id is not null;
grant select, insert on connect.line_items to skills_app;
grant update (label, maximum, resource_id, tag, starts_at, ends_at, removed_at) on connect.line_items to skills_app;

-- What tools report; only added to. The latest by the tool's own time counts.
create table connect.scores (
  id           uuid primary key default uuidv7(),
  line_item_id uuid not null references connect.line_items,
  person_id    uuid not null references people.persons,
  at           timestamptz not null, -- by the tool's clock
  received_at  timestamptz not null,
  given        numeric check (given >= 0 and given <= 1000000),
  maximum      numeric check (maximum > 0 and maximum <= 1000000),
  activity     text not null check (activity in ('Initialized', 'Started', 'InProgress', 'Submitted', 'Completed')),
  grading      text not null check (grading in ('FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady')),
  comment      text not null default '' check (length(comment) <= 2000),
  unique (line_item_id, person_id, at),
  check ((given is null) or (maximum is not null))
);
create index on connect.scores (person_id);
grant select, insert on connect.scores to skills_app;

-- The result that stands of one person in one link, and whether the lesson is passed by it.
create function connect.item_passed(of_person uuid, of_link uuid, pass_mark numeric) returns boolean
language sql stable set search_path = pg_catalog as $$
  select case
    when pass_mark is null then case when exists (select from connect.launches l
      where l.person_id = of_person and l.link_id = of_link and l.used_at is not null) then true end
    else (select bool_or(s.given * 100 >= pass_mark * s.maximum)
      from connect.line_items i cross join lateral (select * from connect.scores s
        where s.line_item_id = i.id and s.person_id = of_person order by s.at desc limit 1) s
      where i.link_id = of_link and i.removed_at is null and s.grading = 'FullyGraded' and s.given is not null)
  end
$$;

-- A school's platform that opens our courses. What was approved never changes either.
create table connect.platforms (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  name            text not null check (length(name) between 2 and 80),
  purpose         text not null check (length(purpose) between 4 and 500),
  issuer          text not null,
  client_id       text not null check (length(client_id) between 1 and 255),
  deployment_ids  text[] not null check (cardinality(deployment_ids) between 1 and 20),
  auth_url        text not null,
  token_url       text not null,
  token_audience  text, -- when the platform wants another audience than the token address
  jwks_url        text not null,
  state           text not null default 'proposed' check (state in ('proposed', 'active', 'suspended', 'rejected', 'ended')),
  proposed_by     text not null,
  proposed_by_name text not null,
  proposed_at     timestamptz not null,
  decided_by      text,
  decided_by_name text,
  decided_at      timestamptz,
  decision_note   text not null default '' check (length(decision_note) <= 500),
  check (decided_by is distinct from proposed_by),
  check ((state = 'proposed') = (decided_by is null)),
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (decided_by_name is null))
);
create unique index platform_once on connect.platforms (issuer, client_id) where state not in ('rejected', 'ended');
create index on connect.platforms (organisation_id);
grant select, insert on connect.platforms to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, decision_note) on connect.platforms to skills_app;
create trigger goes_forward before update on connect.platforms for each row execute function connect.goes_forward();

-- A sign-in that a platform began and has not finished.
create table connect.logins (
  state_digest  text primary key,
  platform_id   uuid not null references connect.platforms,
  nonce         text not null,
  cookie_digest text not null,
  created_at    timestamptz not null default now(),
  expires_at    timestamptz not null,
  used_at       timestamptz
);
create index on connect.logins (expires_at);
grant select, insert, delete on connect.logins to skills_app;
grant update (used_at) on connect.logins to skills_app;

-- Who came, from where, to what: told by a message whose signature was good. It opens nothing by itself.
create table connect.arrivals (
  id             uuid primary key default uuidv7(),
  code_digest    text not null unique,
  cookie_digest  text not null,
  platform_id    uuid not null references connect.platforms,
  kind           text not null check (kind in ('resource', 'deep-linking')),
  subject_index  text not null,
  subject_sealed text not null,
  teaches        boolean not null,
  deployment_id  text not null,
  resource_link_id text,
  course_id      uuid references library.courses,
  grades         jsonb, -- line item, line items, scopes, as the platform told
  picking        jsonb, -- where picked courses go, and what the platform takes
  created_at     timestamptz not null default now(),
  expires_at     timestamptz not null,
  done_at        timestamptz
);
create index on connect.arrivals (expires_at);
grant select, insert, delete on connect.arrivals to skills_app;
grant update (done_at) on connect.arrivals to skills_app;

-- Somebody here and somebody there are one: said by the person, signed in here.
create table connect.account_links (
  id             uuid primary key default uuidv7(),
  platform_id    uuid not null references connect.platforms,
  subject_index  text not null,
  subject_sealed text not null,
  account_id     uuid not null references auth.users,
  person_id      uuid not null references people.persons,
  linked_at      timestamptz not null,
  ended_at       timestamptz
);
create unique index linked_once on connect.account_links (platform_id, subject_index) where ended_at is null;
create unique index linked_here_once on connect.account_links (platform_id, person_id) where ended_at is null;
create index on connect.account_links (person_id);
grant select, insert on connect.account_links to skills_app;
grant update (ended_at) on connect.account_links to skills_app;

-- Where on a platform a course is learnt from, and where its result goes.
create table connect.placements (
  id               uuid primary key default uuidv7(),
  account_link_id  uuid not null references connect.account_links,
  platform_id      uuid not null references connect.platforms,
  registration_id  uuid not null references learning.registrations,
  resource_link_id text not null,
  deployment_id    text not null,
  line_item_url    text,
  line_items_url   text,
  scopes           text[] not null default '{}',
  created_at       timestamptz not null,
  unique (account_link_id, resource_link_id)
);
create index on connect.placements (registration_id);
grant select, insert on connect.placements to skills_app;
grant update (line_item_url, line_items_url, scopes, registration_id) on connect.placements to skills_app;

create table connect.deliveries (
  id           uuid primary key default uuidv7(),
  placement_id uuid not null unique references connect.placements,
  score        numeric not null check (score between 0 and 100),
  reached_at   timestamptz not null,
  state        text not null default 'queued' check (state in ('queued', 'sent', 'given-up')),
  tries        int not null default 0,
  next_at      timestamptz not null default now(),
  last_answer  text not null default '' check (length(last_answer) <= 500),
  sent_at      timestamptz,
  check ((state = 'sent') = (sent_at is not null))
);
create index on connect.deliveries (next_at) where state = 'queued';
grant select, insert on connect.deliveries to skills_app;
grant update (state, tries, next_at, last_answer, sent_at) on connect.deliveries to skills_app;

-- An organisation's own sign-in: its members prove themselves there.
create table auth.partner_providers (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  name            text not null check (length(name) between 2 and 80),
  purpose         text not null check (length(purpose) between 4 and 500),
  issuer          text not null,
  client_id       text not null check (length(client_id) between 1 and 255),
  secret_sealed   text not null,
  domains         text[] not null default '{}', -- of verified e-mail addresses; empty: any
  subject_prefix  text not null default '',
  state           text not null default 'proposed' check (state in ('proposed', 'active', 'suspended', 'rejected', 'ended')),
  proposed_by     text not null,
  proposed_by_name text not null,
  proposed_at     timestamptz not null,
  decided_by      text,
  decided_by_name text,
  decided_at      timestamptz,
  decision_note   text not null default '' check (length(decision_note) <= 500),
  check (decided_by is distinct from proposed_by),
  check ((state = 'proposed') = (decided_by is null)),
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (decided_by_name is null))
);
create unique index one_open_provider on auth.partner_providers (organisation_id) where state not in ('rejected', 'ended');
grant select, insert on auth.partner_providers to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, decision_note) on auth.partner_providers to skills_app;
create trigger goes_forward before update on auth.partner_providers for each row execute function connect.goes_forward();

create table auth.partner_trips (
  state_digest  text primary key,
  provider_id   uuid not null references auth.partner_providers,
  cookie_digest text not null,
  nonce         text not null,
  verifier_sealed text not null,
  -- set when somebody signed in here connects the two; empty when somebody signs in by it
  account_id    uuid references auth.users,
  created_at    timestamptz not null default now(),
  expires_at    timestamptz not null,
  used_at       timestamptz
);
create index on auth.partner_trips (expires_at);
grant select, insert, delete on auth.partner_trips to skills_app;
grant update (used_at) on auth.partner_trips to skills_app;

create table auth.partner_links (
  id            uuid primary key default uuidv7(),
  provider_id   uuid not null references auth.partner_providers,
  subject_index text not null,
  account_id    uuid not null references auth.users,
  linked_at     timestamptz not null,
  ended_at      timestamptz
);
create unique index partner_linked_once on auth.partner_links (provider_id, subject_index) where ended_at is null;
create unique index partner_account_once on auth.partner_links (provider_id, account_id) where ended_at is null;
create index on auth.partner_links (account_id);
grant select, insert on auth.partner_links to skills_app;
grant update (ended_at) on auth.partner_links to skills_app;

-- An official is never linked, whatever the program asks; and what begins as a member's session stays one.
create function auth.partner_never_official() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if exists (select from auth.users where id = new.account_id and kind = 'official') then
    raise exception using errcode = 'P0001', constraint = 'partner_never_official', message = 'an official is not linked';
  end if;
  return new;
end $$;
create trigger partner_never_official before insert on auth.partner_links
  for each row execute function auth.partner_never_official();

-- A session begun at a partner acts for that organisation only, and for nobody's own affairs.
alter table auth.sessions add column partner_id uuid references auth.partner_providers;
create function auth.partner_stays() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.partner_id is distinct from new.partner_id or new.partner_id is not null and new.second_factor_at is not null then
    raise exception using errcode = 'P0001', constraint = 'partner_stays', message = 'a partner session stays what it is';
  end if;
  return new;
end $$;
create trigger partner_stays before update on auth.sessions for each row execute function auth.partner_stays();
