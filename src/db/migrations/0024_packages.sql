-- Packages that lessons come in (SCORM, cmi5, QTI, folders of videos) and what their content reports while somebody learns.
-- Owned by modules/packages. Whether reported time counts as hours is for modules/learning to say.
create schema packages;
grant usage on schema packages to skills_app;

create table packages.packages (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  course_id       uuid not null references library.courses,
  archive_key     text not null unique,
  archive_name    text not null check (length(archive_name) between 1 and 200),
  size_bytes      bigint not null check (size_bytes > 0),
  state           text not null default 'checking' check (state in
    ('checking', 'checked', 'refused', 'importing', 'ready', 'discarded')),
  kind            text check (kind in ('scorm12', 'scorm2004', 'cmi5', 'qti', 'videos')),
  title           text not null default '',
  found           jsonb, -- what the dry run found: units, activities, questions
  faults          jsonb not null default '[]',
  steps_total     int not null default 0,
  steps_done      int not null default 0 check (steps_done between 0 and steps_total),
  created_by      text not null,
  created_at      timestamptz not null,
  checked_at      timestamptz,
  ready_at        timestamptz,
  unique (id, organisation_id),
  check (state not in ('checked', 'importing', 'ready') or (found is not null and kind is not null)),
  check ((state = 'ready') = (ready_at is not null))
);
create index on packages.packages (course_id, created_at desc);
create index on packages.packages (state, created_at) where state in ('checking', 'importing');
grant select, insert on packages.packages to skills_app;
grant update (state, kind, title, found, faults, steps_total, steps_done, checked_at, ready_at) on packages.packages to skills_app;

-- What learners were shown stays what it was.
create function packages.ready_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'P0001', constraint = 'ready_stands', message = 'a package that is in use never changes';
end $$;
create trigger ready_stands before update on packages.packages
  for each row when (old.state = 'ready') execute function packages.ready_stands();

create table packages.files (
  package_id  uuid not null references packages.packages,
  path        text not null check (length(path) between 1 and 400),
  storage_key text not null unique,
  size_bytes  bigint not null check (size_bytes >= 0),
  primary key (package_id, path)
);
grant select, insert on packages.files to skills_app;

-- A learner's attempt on one unit of a package. `vals` is the data model as it stands; its history is packages.commits.
create table packages.attempts (
  id              uuid primary key default uuidv7(),
  registration_id uuid not null, -- learning.registrations
  person_id       uuid not null references people.persons,
  item_id         uuid not null references library.items,
  package_id      uuid not null references packages.packages,
  unit_id         text not null,
  number          int not null check (number > 0),
  vals            jsonb not null default '{}',
  suspended       boolean not null default false, -- the learner left to come back
  began_at        timestamptz not null,
  closed_at       timestamptz,
  unique (id, person_id),
  unique (registration_id, item_id, unit_id, number)
);
create unique index one_open_attempt on packages.attempts (registration_id, item_id, unit_id) where closed_at is null;
create index on packages.attempts (person_id, began_at);
grant select, insert on packages.attempts to skills_app;
grant update (vals, suspended, closed_at) on packages.attempts to skills_app;

-- One opening of a unit: in SCORM a communication session, in cmi5 a session.
create table packages.launches (
  id          uuid primary key default uuidv7(),
  attempt_id  uuid not null,
  person_id   uuid not null,
  account_id  text not null,
  number      int not null check (number > 0),
  began_with  jsonb not null, -- the data model handed to the content
  launched_at timestamptz not null,
  ended_at    timestamptz check (ended_at >= launched_at),
  end_reason  text check (end_reason in ('terminated', 'elsewhere', 'abandoned')),
  foreign key (attempt_id, person_id) references packages.attempts (id, person_id),
  unique (attempt_id, number),
  check ((ended_at is null) = (end_reason is null))
);
create unique index one_open_launch on packages.launches (attempt_id) where ended_at is null;
create index on packages.launches (person_id, launched_at);
create index on packages.launches (launched_at) where ended_at is null;
grant select, insert on packages.launches to skills_app;
grant update (ended_at, end_reason) on packages.launches to skills_app;

-- How a launch ended stands, whatever comes late.
create function packages.end_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'P0001', constraint = 'end_stands', message = 'a launch ends once';
end $$;
create trigger end_stands before update on packages.launches
  for each row when (old.ended_at is not null) execute function packages.end_stands();

-- What content reported, numbered by the sender, for ever. One number is one report, however often it is sent.
create table packages.commits (
  launch_id    uuid not null references packages.launches,
  seq          int not null check (seq > 0),
  at           timestamptz not null,
  changes      jsonb not null default '[]', -- [name, value] in the order they were set
  refused      jsonb not null default '[]', -- [name, value, error]
  reported_cs  bigint not null check (reported_cs >= 0), -- the session's own time so far, hundredths of a second
  final        boolean not null default false,
  late         boolean not null default false, -- came after the launch had ended otherwise
  primary key (launch_id, seq)
);
create unique index final_once on packages.commits (launch_id) where final;
grant select, insert on packages.commits to skills_app;

-- The evidence for whoever counts hours: a row a launch. A session reports its whole time each time, so the last report
-- is what counts and none is added to another.
create view packages.session_times as
  select l.id as launch_id, a.id as attempt_id, a.registration_id, a.item_id, a.person_id, a.unit_id,
    l.launched_at as from_at, coalesce(l.ended_at, c.last_at, l.launched_at) as to_at,
    coalesce(c.reported_cs, 0) / 100 as reported_seconds,
    extract(epoch from coalesce(l.ended_at, c.last_at, l.launched_at) - l.launched_at)::int as server_seconds,
    l.end_reason
  from packages.launches l join packages.attempts a on a.id = l.attempt_id
  left join lateral (
    select (array_agg(reported_cs order by seq desc))[1] as reported_cs, max(at) as last_at
    from packages.commits where launch_id = l.id
  ) c on true;
grant select on packages.session_times to skills_app;
