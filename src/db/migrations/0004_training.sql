-- The class life cycle: plan filing, class, sessions, enrolment, attendance, hours. Owned by modules/training.
-- Rules: R01 filing first, R02 dossier, R03 class hour, C08 two places at once, C13 trainer double-booked.
create schema training;
grant usage on schema training to skills_app;

-- Running numbers of plans and classes: the row is locked to commit, so two acceptances never get one number.
create table training.counters (
  key  text primary key,
  last int not null check (last > 0)
);
grant select, insert, update on training.counters to skills_app;

create table training.plans (
  id               uuid primary key default uuidv7(),
  number           text unique, -- given when accepted
  programme        text not null,
  organisation_id  uuid not null references people.organisations,
  title            text not null check (length(title) between 2 and 120),
  occupation_edition text,
  occupation_code  text,
  level            text,
  headcount        int not null check (headcount between 1 and 100000),
  class_hours      int not null check (class_hours between 1 and 2000),
  starts_on        date not null,
  ends_on          date not null check (ends_on >= starts_on),
  courses          jsonb not null, -- [{title, kind: common|professional, mode: offline|online, classHours, trainer}]
  commitment_at    timestamptz,    -- the institution's commitment to truth (事先告知承诺)
  commitment_by    text,
  state            text not null default 'draft'
    check (state in ('draft', 'filed', 'returned', 'accepted', 'rejected', 'withdrawn')),
  created_by       text not null,
  filed_by         text,
  filed_at         timestamptz,
  decided_by       text,
  decided_at       timestamptz,
  version          int not null default 1,
  foreign key (occupation_edition, occupation_code) references occupations.occupations,
  check (decided_by is distinct from filed_by or decided_by is null)
);
create index on training.plans (organisation_id, state);
create index on training.plans (state, filed_at);

create table training.venues (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  name            text not null,
  address         text not null,
  subdistrict     text not null,
  unique (organisation_id, name)
);
create table training.rooms (
  id       uuid primary key default uuidv7(),
  venue_id uuid not null references training.venues,
  name     text not null,
  seats    int not null check (seats between 1 and 2000),
  unique (venue_id, name)
);

create table training.trainers (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  person_id       uuid not null references people.persons,
  name            text not null, -- a trainer's name is public on the class page
  qualification   text not null,
  valid_from      date not null,
  valid_to        date,
  unique (organisation_id, person_id),
  unique (id, person_id)
);

create table training.classes (
  id              uuid primary key default uuidv7(),
  number          text not null unique,
  plan_id         uuid not null references training.plans,
  organisation_id uuid not null references people.organisations,
  programme       text not null,
  title           text not null check (length(title) between 2 and 120),
  summary         text not null default '' check (length(summary) <= 4000),
  occupation_edition text,
  occupation_code text,
  level           text,
  industry        text not null default '',
  mode            text not null default 'offline' check (mode in ('offline', 'online', 'mixed')),
  venue_id        uuid references training.venues,
  subdistrict     text not null,
  capacity        int not null check (capacity between 1 and 10000),
  class_hours     int not null check (class_hours between 1 and 2000),
  starts_on       date not null,
  ends_on         date not null check (ends_on >= starts_on),
  open_enrolment  boolean not null default false, -- on the public catalogue, people may sign up
  accessibility   text not null default '',
  -- the national five elements (R02): roster is the enrolments, the rest stands here
  teaching_plan   text not null default '',
  resources       text not null default '',
  assessment_plan text not null default '',
  state           text not null default 'draft'
    check (state in ('draft', 'applied', 'returned', 'approved', 'in-session', 'suspended', 'assessed', 'closed', 'cancelled')),
  applied_by      text,
  applied_at      timestamptz,
  decided_by      text,
  decided_at      timestamptz,
  closed_at       timestamptz,
  search          tsvector not null default ''::tsvector,
  version         int not null default 1,
  foreign key (occupation_edition, occupation_code) references occupations.occupations,
  check (decided_by is distinct from applied_by or decided_by is null)
);
create index on training.classes (organisation_id, state);
create index on training.classes (plan_id);
create index on training.classes (state, starts_on);
create index on training.classes using gin (search);
-- The public catalogue: classes people can still join.
create index classes_catalogue on training.classes (starts_on, id)
  where open_enrolment and state in ('approved', 'in-session');

create table training.class_trainers (
  class_id   uuid not null references training.classes,
  trainer_id uuid not null references training.trainers,
  primary key (class_id, trainer_id)
);

create table training.sessions (
  id         uuid primary key default uuidv7(),
  class_id   uuid not null references training.classes,
  trainer_id uuid not null,
  trainer_person_id uuid not null, -- a person may teach for two organisations, not at one time
  room_id    uuid references training.rooms, -- null: online
  title      text not null,
  course_kind text not null default 'professional' check (course_kind in ('common', 'professional')),
  during     tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
  break_minutes int not null default 0 check (break_minutes between 0 and 600),
  makeup_of  uuid, -- the session of this class that it makes up for
  state      text not null default 'planned' check (state in ('planned', 'open', 'closed', 'cancelled')),
  code_secret text not null default gen_random_uuid()::text, -- of the rotating room code, together with the installation's key
  opened_at  timestamptz,
  opened_by  text,
  closed_by  text,
  closed_at  timestamptz,
  unique (id, class_id),
  foreign key (trainer_id, trainer_person_id) references training.trainers (id, person_id),
  foreign key (makeup_of, class_id) references training.sessions (id, class_id),
  check (break_minutes * interval '1 minute' < upper(during) - lower(during)),
  -- C13: the database itself refuses a room or a trainer twice at one time
  constraint room_in_use exclude using gist (room_id with =, during with &&) where (state <> 'cancelled'),
  constraint trainer_in_use exclude using gist (trainer_person_id with =, during with &&) where (state <> 'cancelled')
);
create index on training.sessions (class_id, lower(during));

create table training.imports (
  id          uuid primary key default uuidv7(),
  class_id    uuid not null references training.classes,
  file_id     uuid references platform.files,
  file_name   text not null,
  state       text not null check (state in ('checking', 'checked', 'applying', 'applied', 'failed', 'discarded')),
  rows_total  int not null default 0,
  rows_done   int not null default 0,
  accepted    int not null default 0,
  rejected    int not null default 0,
  faults      jsonb not null default '[]',
  message     text not null default '',
  by_user     text not null,
  at          timestamptz not null,
  applied_at  timestamptz,
  check (rows_done <= rows_total)
);
create index on training.imports (class_id, at desc);
-- Accepted rows of a dry run wait here, sealed, until they are applied.
create table training.import_rows (
  import_id uuid not null references training.imports,
  row       int not null,
  sealed    text not null,
  primary key (import_id, row)
);

create table training.enrolments (
  id            uuid primary key default uuidv7(),
  class_id      uuid not null references training.classes,
  person_id     uuid not null references people.persons,
  employer_id   uuid references people.organisations,
  employment    text not null default '' check (employment in ('', 'contract', 'dispatch', 'flexible', 'service-agreement')),
  group_code    text, -- claimed group; counts only with a verified membership
  job           text not null default '' check (length(job) <= 60),
  source        text not null check (source in ('form', 'import', 'self', 'assisted', 'api')),
  import_id     uuid references training.imports,
  state         text not null default 'enrolled' check (state in ('enrolled', 'withdrawn', 'passed', 'failed')),
  commitment_at timestamptz, -- the trainee's commitment to identity conditions
  enrolled_at   timestamptz not null,
  enrolled_by   text not null,
  withdrawn_at  timestamptz,
  remarks       text not null default '',
  unique (id, class_id, person_id)
);
create unique index enrolled_once on training.enrolments (class_id, person_id) where state <> 'withdrawn';
create index on training.enrolments (person_id);

-- C12: a class never holds more people than places, whoever enrols them and however many at once.
create function training.class_not_overfull() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
declare over record;
begin
  perform 1 from training.classes where id in (select class_id from added) order by id for no key update;
  select c.id, c.capacity, count(*) as taken into over
    from training.classes c join training.enrolments e on e.class_id = c.id and e.state <> 'withdrawn'
    where c.id in (select class_id from added)
    group by c.id having count(*) > c.capacity limit 1;
  if found then
    raise exception using errcode = '23514', constraint = 'class_not_overfull',
      message = format('class %s has %s places, %s would be taken', over.id, over.capacity, over.taken);
  end if;
  return null;
end $$;
create trigger class_not_overfull after insert on training.enrolments
  referencing new table as added for each statement execute function training.class_not_overfull();

-- Each independent witness that a person was in a session. Grade A-D of the evidence is computed from these rows.
create table training.attendance_marks (
  id           uuid primary key default uuidv7(),
  class_id     uuid not null,
  session_id   uuid not null,
  enrolment_id uuid not null,
  person_id    uuid not null,
  kind         text not null check (kind in ('room-code', 'trainer', 'staff', 'manual', 'excused', 'learning-record')),
  during       tstzrange not null check (not isempty(during)),
  at           timestamptz not null,
  by_user      text not null,
  device       text,  -- blind index of the device key, for clusters (C15)
  reason       text not null default '',
  voided_at    timestamptz,
  voided_by    text,
  void_reason  text not null default '',
  foreign key (session_id, class_id) references training.sessions (id, class_id),
  foreign key (enrolment_id, class_id, person_id) references training.enrolments (id, class_id, person_id),
  check ((voided_at is null) = (voided_by is null) and (voided_at is null or length(void_reason) >= 2)),
  check (kind not in ('manual', 'excused') or length(reason) >= 2),
  -- C08: nobody is in two places at once
  constraint person_elsewhere exclude using gist (person_id with =, session_id with <>, during with &&)
    where (voided_at is null and kind <> 'excused')
);
create unique index marked_once on training.attendance_marks (session_id, person_id, kind) where voided_at is null;
create index on training.attendance_marks (enrolment_id);
create index on training.attendance_marks (device, session_id) where device is not null;

-- The hours ledger. Entries are only ever added; totals are sums over it. A wrong entry is answered by a reversing one.
create table training.hour_entries (
  id           bigint generated always as identity primary key,
  person_id    uuid not null,
  enrolment_id uuid not null,
  class_id     uuid not null,
  session_id   uuid,
  source       text not null check (source in ('class', 'makeup', 'online', 'workshop', 'mentor')),
  on_day       date not null,
  minutes      int not null check (minutes <> 0),
  grade        text not null check (grade in ('A', 'B', 'C', 'D')),
  evidence     jsonb not null, -- mark ids and the rule's reasoning
  reverses     bigint unique references training.hour_entries,
  corrects     bigint unique references training.hour_entries, -- the reversed entry that this one stands in for
  reason       text not null default '',
  at           timestamptz not null,
  by_user      text not null,
  foreign key (enrolment_id, class_id, person_id) references training.enrolments (id, class_id, person_id),
  foreign key (session_id, class_id) references training.sessions (id, class_id),
  check ((reverses is null) = (minutes > 0)),
  check (reverses is null or corrects is null),
  check ((reverses is null and corrects is null) or length(reason) >= 2)
);
-- One session credits one enrolment once; a correction hangs on the entry it corrects.
create unique index credited_once on training.hour_entries (enrolment_id, session_id)
  where reverses is null and corrects is null and session_id is not null;
create index on training.hour_entries (class_id);
create index on training.hour_entries (person_id, on_day);

create function training.hours_guarded() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
declare old training.hour_entries; planned int; made_up uuid;
begin
  if new.reverses is not null or new.corrects is not null then
    -- serialise on the entry with whoever spends it
    select * into old from training.hour_entries where id = coalesce(new.reverses, new.corrects) for no key update;
    if (old.enrolment_id, old.class_id, old.on_day) is distinct from (new.enrolment_id, new.class_id, new.on_day)
      or old.session_id is distinct from new.session_id then
      raise exception using errcode = 'P0001', constraint = 'hours_same_entry', message = 'another person''s or session''s entry';
    end if;
  end if;
  if new.reverses is not null then
    if old.reverses is not null or new.minutes <> -old.minutes then
      raise exception using errcode = 'P0001', constraint = 'hours_reversed_whole', message = 'an entry is reversed whole, once';
    end if;
    if (select coalesce(sum(minutes), 0) from training.hour_spends where entry_id = old.id) <> 0 then
      raise exception using errcode = 'P0001', constraint = 'hours_spent', message = 'a spent entry is released before it is reversed';
    end if;
    return null;
  end if;
  if new.corrects is not null and not exists (select from training.hour_entries where reverses = new.corrects) then
    raise exception using errcode = 'P0001', constraint = 'hours_reversed_first', message = 'only a reversed entry is corrected';
  end if;
  if new.session_id is null then return null; end if;
  select extract(epoch from upper(during) - lower(during))::int / 60 - break_minutes, makeup_of into planned, made_up
    from training.sessions where id = new.session_id;
  if new.minutes > planned then
    raise exception using errcode = 'P0001', constraint = 'hours_within_session',
      message = format('the session has %s minutes, %s would be credited', planned, new.minutes);
  end if;
  if exists (
    select from training.hour_entries e
    where e.enrolment_id = new.enrolment_id and e.reverses is null
      and not exists (select from training.hour_entries r where r.reverses = e.id)
      and (e.session_id = made_up or e.session_id in (select id from training.sessions where makeup_of = new.session_id))
  ) then
    raise exception using errcode = 'P0001', constraint = 'hours_made_up_once', message = 'the session and its make-up count once';
  end if;
  return null;
end $$;

-- Where an hour is spent: once. A release (negative) frees it again.
create table training.hour_spends (
  id        bigint generated always as identity primary key,
  entry_id  bigint not null references training.hour_entries,
  spent_on_kind text not null check (spent_on_kind in ('claim-line')),
  spent_on_id   uuid not null,
  minutes   int not null check (minutes <> 0),
  at        timestamptz not null,
  by_user   text not null
);
create index on training.hour_spends (entry_id);
create index on training.hour_spends (spent_on_kind, spent_on_id);

create constraint trigger hours_guarded after insert on training.hour_entries
  for each row execute function training.hours_guarded();

create function training.hours_spent_once() returns trigger language plpgsql set search_path = pg_catalog as $$
declare granted int; spent int;
begin
  -- serialise on the entry, or two claims could each see the hour free
  perform 1 from training.hour_entries where id = new.entry_id for no key update;
  select coalesce(sum(minutes), 0) into granted from training.hour_entries where id = new.entry_id or reverses = new.entry_id;
  select coalesce(sum(minutes), 0) into spent from training.hour_spends where entry_id = new.entry_id;
  if spent < 0 or spent > granted then
    raise exception using errcode = 'P0001', constraint = 'hours_spent_once',
      message = format('hour entry %s grants %s minutes, %s would be spent', new.entry_id, granted, spent);
  end if;
  return null;
end $$;
alter function training.hours_spent_once() security definer;
create constraint trigger hours_spent_once after insert on training.hour_spends
  for each row execute function training.hours_spent_once();

grant select, insert on training.plans, training.venues, training.rooms, training.trainers, training.classes,
  training.class_trainers, training.sessions, training.imports, training.import_rows, training.enrolments,
  training.attendance_marks, training.hour_entries, training.hour_spends to skills_app;
grant update (number, title, occupation_edition, occupation_code, level, headcount, class_hours, starts_on, ends_on, courses,
  commitment_at, commitment_by, state, filed_by, filed_at, decided_by, decided_at, version) on training.plans to skills_app;
grant update on training.venues, training.rooms, training.trainers to skills_app;
grant update (title, summary, industry, mode, venue_id, subdistrict, capacity, class_hours, starts_on, ends_on, open_enrolment,
  accessibility, teaching_plan, resources, assessment_plan, state, applied_by, applied_at, decided_by, decided_at, closed_at,
  search, version) on training.classes to skills_app;
grant delete on training.class_trainers, training.import_rows to skills_app;
grant update (state, during, room_id, trainer_id, trainer_person_id, title, course_kind, break_minutes, opened_at, opened_by,
  closed_by, closed_at)
  on training.sessions to skills_app;
grant update (state, rows_total, rows_done, accepted, rejected, faults, message, applied_at) on training.imports to skills_app;
grant update (state, commitment_at, withdrawn_at, employer_id, employment, group_code, job, remarks) on training.enrolments to skills_app;
grant update (voided_at, voided_by, void_reason) on training.attendance_marks to skills_app;
