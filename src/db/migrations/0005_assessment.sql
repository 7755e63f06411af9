-- Completion assessment, scores, results, certificates. Owned by modules/assessment.
-- Rules: C18 outliers, C23 a score change needs two persons, R35 who counts, R37 masks. What decides a result is only ever added.
create schema assessment;
grant usage on schema assessment to skills_app;

-- One completion assessment a class. Weights are the programme's, kept here because the programme may change later.
create table assessment.assessments (
  id             uuid primary key default uuidv7(),
  class_id       uuid not null unique references training.classes,
  theory_weight  int not null check (theory_weight between 0 and 100),
  practice_weight int not null check (practice_weight between 0 and 100),
  state          text not null default 'planned' check (state in ('planned', 'scoring', 'confirmed', 'concluded')),
  sheet_version  int not null default 0, -- counts the writes to the sheet, so that what is confirmed is what was seen
  scheduled_by   text not null,
  scheduled_at   timestamptz not null,
  confirmed_by   text,
  confirmed_by_name text,
  confirmed_at   timestamptz,
  concluded_by   text,
  concluded_at   timestamptz,
  check (theory_weight + practice_weight = 100),
  check ((confirmed_at is null) = (state in ('planned', 'scoring'))),
  check ((concluded_at is null) = (state <> 'concluded'))
);

create table assessment.parts (
  assessment_id uuid not null references assessment.assessments,
  part          text not null check (part in ('theory', 'practice')),
  held_on       date not null,
  place         text not null check (length(place) between 2 and 120),
  examiner_name text not null check (length(examiner_name) between 2 and 60),
  examiner_unit text not null check (length(examiner_unit) between 2 and 120),
  examiner_trainer_id uuid references training.trainers, -- when the examiner is one of the institution's trainers
  conflict      boolean not null, -- the examiner is the only trainer of the class: shown to whoever reviews
  primary key (assessment_id, part)
);

-- Every value ever typed or imported for a sheet; the newest one of a person and part is the sheet. Never changed.
create table assessment.score_entries (
  id            bigint generated always as identity primary key,
  assessment_id uuid not null,
  part          text not null,
  enrolment_id  uuid not null references training.enrolments,
  tenths        int check (tenths between 0 and 1000),
  absent        boolean not null default false,
  source        text not null check (source in ('form', 'import', 'api')),
  entered_by    text not null,
  entered_by_name text not null,
  entered_at    timestamptz not null,
  check ((tenths is null) = absent),
  foreign key (assessment_id, part) references assessment.parts,
  unique (id, assessment_id, part, enrolment_id, entered_by)
);
create index on assessment.score_entries (assessment_id, enrolment_id, part, id desc);

-- What a second person confirmed. Rows are only inserted: a later change is a score change, never an edit (C23).
create table assessment.scores (
  id            uuid primary key default uuidv7(),
  entry_id      bigint not null unique,
  assessment_id uuid not null,
  part          text not null,
  enrolment_id  uuid not null,
  tenths        int check (tenths between 0 and 1000),
  absent        boolean not null,
  entered_by    text not null,
  confirmed_by  text not null,
  confirmed_at  timestamptz not null,
  check ((tenths is null) = absent),
  constraint score_needs_two_persons check (confirmed_by <> entered_by),
  unique (assessment_id, part, enrolment_id),
  foreign key (entry_id, assessment_id, part, enrolment_id, entered_by)
    references assessment.score_entries (id, assessment_id, part, enrolment_id, entered_by)
);
create index on assessment.scores (enrolment_id);

create table assessment.score_changes (
  id           uuid primary key default uuidv7(),
  score_id     uuid not null references assessment.scores,
  from_tenths  int check (from_tenths between 0 and 1000),
  to_tenths    int check (to_tenths between 0 and 1000), -- null: absent
  reason       text not null check (length(reason) between 4 and 500),
  state        text not null default 'proposed' check (state in ('proposed', 'approved', 'rejected')),
  proposed_by  text not null,
  proposed_by_name text not null,
  proposed_at  timestamptz not null,
  decided_by   text,
  decided_by_name text,
  decided_at   timestamptz,
  decision_note text not null default '' check (length(decision_note) <= 500),
  constraint score_change_needs_two_persons check (decided_by is null or decided_by <> proposed_by),
  check ((state = 'proposed') = (decided_by is null)),
  check ((decided_by is null) = (decided_at is null)),
  check (from_tenths is distinct from to_tenths)
);
create unique index on assessment.score_changes (score_id) where state = 'proposed';
create index on assessment.score_changes (score_id, decided_at);

-- A sheet is open until it is confirmed; a change is decided once; both whatever the application believes.
create function assessment.sheet_is_open() returns trigger language plpgsql set search_path = pg_catalog as $$
declare found_state text;
begin
  select a.state into found_state from assessment.assessments a where a.id = new.assessment_id for key share;
  if found_state not in ('planned', 'scoring') then
    raise exception using errcode = 'P0001', constraint = 'sheet_is_open', message = 'the score sheet is confirmed';
  end if;
  return new;
end $$;
alter function assessment.sheet_is_open() security definer;
create trigger sheet_is_open before insert on assessment.score_entries
  for each row execute function assessment.sheet_is_open();

create function assessment.decided_once() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> 'proposed' then
    raise exception using errcode = 'P0001', constraint = 'decided_once', message = 'the score change is decided';
  end if;
  return new;
end $$;
create trigger decided_once before update on assessment.score_changes
  for each row execute function assessment.decided_once();

-- The score as it stands: what was confirmed, or the latest approved change of it.
create view assessment.final_scores as
  select s.id, s.assessment_id, s.part, s.enrolment_id,
    case when c.id is null then s.tenths else c.to_tenths end as tenths,
    case when c.id is null then s.absent else c.to_tenths is null end as absent,
    c.id is not null as changed
  from assessment.scores s
  left join lateral (
    select c.id, c.to_tenths from assessment.score_changes c
    where c.score_id = s.id and c.state = 'approved' order by c.decided_at desc, c.id desc limit 1
  ) c on true;

-- Who passed, with every number the answer rests on. A new revision takes over; old ones stay.
create table assessment.results (
  id                uuid primary key default uuidv7(),
  assessment_id     uuid not null references assessment.assessments,
  class_id          uuid not null references training.classes,
  enrolment_id      uuid not null references training.enrolments,
  person_id         uuid not null references people.persons,
  revision          int not null check (revision >= 1),
  passed            boolean not null,
  total_millipoints int check (total_millipoints between 0 and 100000), -- 1/1000 point; null: absent from a part
  pass_mark         int not null check (pass_mark between 1 and 100),
  attended_minutes  int not null check (attended_minutes >= 0),
  planned_minutes   int not null check (planned_minutes > 0),
  attendance_percent int not null check (attendance_percent between 0 and 100),
  class_hours       int not null check (class_hours >= 0), -- attended, whole class hours
  explanation       jsonb not null,
  decided_by        text not null,
  decided_at        timestamptz not null,
  cause_change_id   uuid references assessment.score_changes,
  unique (enrolment_id, revision),
  check ((revision = 1) = (cause_change_id is null)),
  constraint passed_is_arithmetic check (passed = (total_millipoints is not null and total_millipoints >= pass_mark * 1000
    and attended_minutes::bigint * 100 >= planned_minutes::bigint * attendance_percent))
);
create index on assessment.results (class_id);
create index on assessment.results (person_id);
create view assessment.current_results as
  select distinct on (enrolment_id) * from assessment.results order by enrolment_id, revision desc;

-- Serial numbers of certificates, one row a district and year: taken under its lock, so without holes or doubles.
create table assessment.certificate_serials (
  district text not null check (district ~ '^[0-9]{6}$'),
  year     int not null check (year between 2000 and 2199),
  last     int not null check (last between 0 and 999999),
  primary key (district, year)
);

-- One run of issuing for a class: exact counts while it goes and after.
create table assessment.issue_runs (
  id           uuid primary key default uuidv7(),
  class_id     uuid not null references training.classes,
  state        text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  total        int not null check (total >= 0),
  issued       int not null default 0 check (issued between 0 and total),
  message      text not null default '',
  requested_by text not null,
  requested_by_name text not null,
  requested_at timestamptz not null,
  finished_at  timestamptz,
  check ((finished_at is null) = (state in ('queued', 'running')))
);
create unique index on assessment.issue_runs (class_id) where state in ('queued', 'running');
create index on assessment.issue_runs (class_id, requested_at desc);

-- A certificate is a record of its own: it stays readable and provable whatever becomes of class, name or institution.
create table assessment.certificates (
  id                uuid primary key default uuidv7(),
  number            text not null unique check (number ~ '^[0-9]{6}-[0-9]{4}-[0-9]{6}-[0-9X]$'),
  verification_code text not null unique check (verification_code ~ '^[0-9A-HJKMNP-TV-Z]{20}$'),
  class_id          uuid not null references training.classes,
  enrolment_id      uuid not null references training.enrolments,
  person_id         uuid not null references people.persons,
  result_id         uuid not null references assessment.results,
  organisation_id   uuid not null references people.organisations,
  run_id            uuid references assessment.issue_runs,
  holder_sealed     text not null, -- {name} as on the day of issue
  holder_index      text not null,
  holder_masked     text not null,
  record            jsonb not null, -- everything else that is printed
  digest            text not null check (digest ~ '^[0-9a-f]{64}$'),
  issued_on         date not null,
  issued_at         timestamptz not null,
  issued_by         text not null,
  state             text not null default 'issued' check (state in ('issued', 'revoked')),
  revoked_on        date,
  revoked_at        timestamptz,
  revoked_by        text,
  revoke_code       text check (revoke_code in ('false-identity', 'false-hours', 'false-score', 'result-changed', 'misprint')),
  check ((state = 'revoked') = (revoked_at is not null)),
  check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoked_on is null)
    and (revoked_at is null) = (revoke_code is null))
);
create unique index on assessment.certificates (enrolment_id) where state = 'issued';
create index on assessment.certificates (person_id);
create index on assessment.certificates (class_id, number);

create function assessment.revoked_once() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> 'issued' or new.state <> 'revoked' then
    raise exception using errcode = 'P0001', constraint = 'revoked_once', message = 'a certificate is revoked once and stays revoked';
  end if;
  return new;
end $$;
create trigger revoked_once before update on assessment.certificates
  for each row execute function assessment.revoked_once();

grant select, insert on assessment.assessments, assessment.parts, assessment.score_entries, assessment.scores,
  assessment.score_changes, assessment.results, assessment.certificate_serials, assessment.issue_runs, assessment.certificates
  to skills_app;
grant select on assessment.final_scores, assessment.current_results to skills_app;
grant update (state, sheet_version, confirmed_by, confirmed_by_name, confirmed_at, concluded_by, concluded_at)
  on assessment.assessments to skills_app;
grant update (held_on, place, examiner_name, examiner_unit, examiner_trainer_id, conflict) on assessment.parts to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, decision_note) on assessment.score_changes to skills_app;
grant update (last) on assessment.certificate_serials to skills_app;
grant update (state, issued, message, finished_at) on assessment.issue_runs to skills_app;
grant update (state, revoked_on, revoked_at, revoked_by, revoke_code) on assessment.certificates to skills_app;
