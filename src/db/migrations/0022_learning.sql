-- Learning from the resource library: who learns what, every second that counted or did not, exams and assignments.
-- Owned by modules/learning. Totals are sums over training.hour_entries; what stands here is the evidence for them.
create schema learning;
grant usage on schema learning to skills_app;

-- A person learns one version of a course; for a class they are enrolled in, or for themselves (no enrolment).
create table learning.registrations (
  id            uuid primary key default uuidv7(),
  person_id     uuid not null references people.persons,
  course_id     uuid not null,
  version_id    uuid not null,
  enrolment_id  uuid,
  class_id      uuid,
  registered_at timestamptz not null,
  unique (id, person_id),
  unique nulls not distinct (person_id, course_id, enrolment_id),
  foreign key (version_id, course_id) references library.versions (id, course_id),
  foreign key (enrolment_id, class_id, person_id) references training.enrolments (id, class_id, person_id),
  check ((enrolment_id is null) = (class_id is null))
);
create index on learning.registrations (course_id);
create index on learning.registrations (enrolment_id) where enrolment_id is not null;
grant select, insert on learning.registrations to skills_app;

-- One opening of an item's page.
create table learning.viewings (
  id              uuid primary key default uuidv7(),
  registration_id uuid not null,
  person_id       uuid not null,
  item_id         uuid not null references library.items,
  medium_ms       int check (medium_ms > 0), -- length of the item's own timeline; null: nobody has measured it, nothing counts
  device          text, -- blind index of the device key
  opened_at       timestamptz not null,
  closed_at       timestamptz,
  end_reason      text check (end_reason in ('left', 'elsewhere', 'presence-missed', 'idle')),
  foreign key (registration_id, person_id) references learning.registrations (id, person_id),
  check ((closed_at is null) = (end_reason is null))
);
create unique index one_live_viewing on learning.viewings (person_id) where closed_at is null;
create index on learning.viewings (registration_id, opened_at);
grant select, insert on learning.viewings to skills_app;
grant update (closed_at, end_reason) on learning.viewings to skills_app;

-- What the server remembers between two heartbeats, one row per person. Locked by every heartbeat: the rule is applied to
-- the beats of a person one after the other, whichever tab, device or process they come from.
create table learning.seats (
  person_id         uuid primary key references people.persons,
  viewing_id        uuid references learning.viewings, -- the last one; it is live while it is not closed
  at                timestamptz not null,
  sequence          int not null,
  position_ms       int not null,
  playing           boolean not null,
  visible           boolean not null,
  rate_percent      int not null,
  slack_ms          int not null check (slack_ms >= 0),
  until_question_ms int not null, -- outlives a reload: opening the page again does not put the question off
  today_on          date not null,
  today_ms          int not null
) with (fillfactor = 50);
grant select, insert, update on learning.seats to skills_app;

-- Questions whether somebody is there, and their answers.
create table learning.presences (
  id          uuid primary key default uuidv7(),
  person_id   uuid not null references people.persons,
  viewing_id  uuid not null references learning.viewings,
  asked_at    timestamptz not null,
  prompt      text not null,
  options     jsonb not null,
  answer      int not null,
  tries       int not null default 0 check (tries between 0 and 3),
  outcome     text check (outcome in ('answered', 'remedied', 'missed')),
  answered_at timestamptz,
  check ((outcome is null) = (answered_at is null)),
  check (answered_at is null or answered_at >= asked_at)
);
create unique index one_open_presence on learning.presences (person_id) where outcome is null;
create index on learning.presences (viewing_id);
grant select, insert on learning.presences to skills_app;
grant update (prompt, options, answer, tries, outcome, answered_at) on learning.presences to skills_app;

-- What of an item counted, as one set of milliseconds: what makes each second count once.
create table learning.coverage (
  registration_id uuid not null references learning.registrations,
  item_id         uuid not null references library.items,
  covered         int4multirange not null,
  primary key (registration_id, item_id)
) with (fillfactor = 70);
grant select, insert, update on learning.coverage to skills_app;

create function learning.length_ms(spans int4multirange) returns int language sql immutable parallel safe
  return (select coalesce(sum(upper(span) - lower(span)), 0)::int from unnest(spans) as span);

-- Every stretch between two heartbeats with its verdict and reason, for ever: learner and auditor can replay each minute.
create table learning.stretches (
  id              bigint generated always as identity primary key,
  viewing_id      uuid not null references learning.viewings,
  registration_id uuid not null,
  item_id         uuid not null,
  person_id       uuid not null,
  sequence        int, -- null: released by an answer
  on_day          date not null,
  at              timestamptz not null, -- server time of the later heartbeat
  wall_ms         int not null check (wall_ms >= 0),
  from_ms         int not null,
  to_ms           int not null,
  rate_percent    int not null,
  verdict         text not null check (verdict in ('counted', 'held', 'released', 'refused', 'idle')),
  reason          text not null,
  presence_id     uuid references learning.presences,
  held            int4multirange not null default '{}', -- counts once the question is answered
  granted         int4multirange not null default '{}',
  -- nearly always one span, which is measured without taking the set apart
  granted_ms      int not null generated always as (case when isempty(granted) then 0
    when granted = int4multirange(range_merge(granted)) then upper(granted) - lower(granted)
    else learning.length_ms(granted) end) stored,
  check (isempty(granted) or verdict in ('counted', 'released')),
  check (isempty(held) or verdict = 'held'),
  check ((sequence is null) = (verdict = 'released')),
  check (verdict not in ('held', 'released') or presence_id is not null),
  -- no millisecond of an item counts twice, whoever sends what how often
  constraint second_once exclude using gist (registration_id with =, item_id with =, granted with &&)
    where (not isempty(granted))
);
create unique index stretch_once on learning.stretches (viewing_id, sequence) where sequence is not null;
create index on learning.stretches (registration_id, item_id, id);
create index on learning.stretches (presence_id) where verdict = 'held';
grant select, insert on learning.stretches to skills_app;

-- Notes with a mark in time.
create table learning.notes (
  id              uuid primary key default uuidv7(),
  registration_id uuid not null references learning.registrations,
  item_id         uuid not null references library.items,
  position_ms     int not null check (position_ms >= 0),
  text            text not null check (length(text) between 1 and 2000),
  at              timestamptz not null,
  deleted_at      timestamptz
);
create index on learning.notes (registration_id, item_id, position_ms) where deleted_at is null;
grant select, insert on learning.notes to skills_app;
grant update (deleted_at) on learning.notes to skills_app;

-- One sitting of an exam: what was drawn, from which seed, until when.
create table learning.attempts (
  id              uuid primary key default uuidv7(),
  registration_id uuid not null,
  person_id       uuid not null,
  item_id         uuid not null references library.items,
  number          int not null check (number > 0),
  seed            text not null,
  question_ids    uuid[] not null check (cardinality(question_ids) > 0),
  started_at      timestamptz not null,
  due_at          timestamptz not null check (due_at > started_at),
  submitted_at    timestamptz,
  -- the marks and how they came about, written once
  points          numeric,
  full_points     numeric,
  passed          boolean,
  explanation     jsonb,
  unique (registration_id, item_id, number),
  foreign key (registration_id, person_id) references learning.registrations (id, person_id),
  check ((submitted_at is null) = (points is null) and (points is null) = (passed is null)
    and (points is null) = (explanation is null) and (points is null) = (full_points is null)),
  check (points between 0 and full_points)
);
create unique index one_open_attempt on learning.attempts (registration_id, item_id) where submitted_at is null;
create index on learning.attempts (due_at) where submitted_at is null;
grant select, insert on learning.attempts to skills_app;
grant update (submitted_at, points, full_points, passed, explanation) on learning.attempts to skills_app;
create function learning.mark_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'P0001', constraint = 'mark_stands', message = 'a submitted attempt stands';
end $$;
create trigger mark_stands before update on learning.attempts
  for each row when (old.submitted_at is not null) execute function learning.mark_stands();

-- Each answer as it was saved; the newest of a question counts.
create table learning.answers (
  id          bigint generated always as identity primary key,
  attempt_id  uuid not null references learning.attempts,
  question_id uuid not null,
  answer      jsonb not null,
  at          timestamptz not null
);
create index on learning.answers (attempt_id, question_id, id desc);
grant select, insert on learning.answers to skills_app;
create function learning.answer_in_time() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  -- waits for a hand-in under way
  perform 1 from learning.attempts a where a.id = new.attempt_id and a.submitted_at is null and new.at <= a.due_at
    and new.question_id = any (a.question_ids) for key share;
  if not found then
    raise exception using errcode = 'P0001', constraint = 'answer_in_time', message = 'the attempt is over or has no such question';
  end if;
  return new;
end $$;
create trigger answer_in_time before insert on learning.answers for each row execute function learning.answer_in_time();

create table learning.submissions (
  id              uuid primary key default uuidv7(),
  registration_id uuid not null,
  person_id       uuid not null,
  item_id         uuid not null references library.items,
  number          int not null check (number > 0),
  text            text not null check (length(text) between 1 and 20000),
  at              timestamptz not null,
  unique (registration_id, item_id, number),
  foreign key (registration_id, person_id) references learning.registrations (id, person_id)
);
grant select, insert on learning.submissions to skills_app;
-- What the provider's teacher says to it, once.
create table learning.gradings (
  submission_id uuid primary key references learning.submissions,
  passed        boolean not null,
  remark        text not null check (length(remark) between 2 and 2000),
  by_user       text not null,
  by_name       text not null,
  at            timestamptz not null
);
grant select, insert on learning.gradings to skills_app;

create table learning.completions (
  registration_id uuid primary key references learning.registrations,
  at              timestamptz not null,
  explanation     jsonb not null -- each requirement with what was asked and what was found
);
grant select, insert on learning.completions to skills_app;

-- The hours ledger takes in online hours. What is learnt for oneself hangs on the person only and is never spent.
alter table training.hour_entries
  alter column enrolment_id drop not null,
  alter column class_id drop not null,
  add column registration_id uuid,
  add foreign key (registration_id, person_id) references learning.registrations (id, person_id),
  add check ((enrolment_id is null) = (class_id is null)),
  add check (enrolment_id is not null or (source = 'online' and registration_id is not null)),
  add check (registration_id is null or (source = 'online' and session_id is null));
-- A day of a registration is posted once; a correction hangs on what it corrects.
create unique index posted_once on training.hour_entries (registration_id, on_day)
  where registration_id is not null and reverses is null and corrects is null;

create function training.online_within_evidence(registration uuid) returns boolean language sql stable security definer
set search_path = pg_catalog as $$
  select coalesce((select sum(minutes) from training.hour_entries where registration_id = registration), 0) * 60000
    <= coalesce((select sum(granted_ms) from learning.stretches where registration_id = registration), 0)
$$;

create or replace function training.hours_guarded() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
declare old training.hour_entries; planned int; made_up uuid;
begin
  if new.reverses is not null or new.corrects is not null then
    -- serialise on the entry with whoever spends it
    select * into old from training.hour_entries where id = coalesce(new.reverses, new.corrects) for no key update;
    if (old.person_id, old.enrolment_id, old.class_id, old.on_day) is distinct from (new.person_id, new.enrolment_id, new.class_id, new.on_day)
      or old.session_id is distinct from new.session_id or old.registration_id is distinct from new.registration_id then
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
  if new.registration_id is not null and not training.online_within_evidence(new.registration_id) then
    raise exception using errcode = 'P0001', constraint = 'hours_within_evidence',
      message = 'more minutes would be posted than stretches were counted';
  end if;
  if new.session_id is null then return null; end if;
  select extract(epoch from upper(during) - lower(during))::int / 60 - break_minutes, makeup_of into planned, made_up
    from training.sessions where id = new.session_id;
  if new.minutes > planned then
    raise exception using errcode = 'P0001', constraint = 'hours_within_session',
      message = format('the session has %s minutes, %s would be credited', planned, new.minutes);
  end if;
  -- nearly no session is a make-up or is made up for: then there is nothing to compare with
  if made_up is null and not exists (select from training.sessions where makeup_of = new.session_id) then return null; end if;
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

create or replace function training.hours_spent_once() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
declare granted int; spent int; of_class uuid;
begin
  -- serialise on the entry, or two claims could each see the hour free
  select class_id into of_class from training.hour_entries where id = new.entry_id for no key update;
  if of_class is null then
    raise exception using errcode = 'P0001', constraint = 'hours_own', message = 'hours learnt for oneself are never spent';
  end if;
  select coalesce(sum(minutes), 0) into granted from training.hour_entries where id = new.entry_id or reverses = new.entry_id;
  select coalesce(sum(minutes), 0) into spent from training.hour_spends where entry_id = new.entry_id;
  if spent < 0 or spent > granted then
    raise exception using errcode = 'P0001', constraint = 'hours_spent_once',
      message = format('hour entry %s grants %s minutes, %s would be spent', new.entry_id, granted, spent);
  end if;
  return null;
end $$;
