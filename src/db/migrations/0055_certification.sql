-- Assessment organisations and their batches: filed scope, sites, plans, marks, certificates, stops. Owned by modules/certification.
-- HZ4-M01; V01 scope, V02 plan and capacity, V03 candidates, V04 results, V05 stops; C23 two persons; R34 numbers.
create schema certification;
grant usage on schema certification to skills_app;

-- Who may assess, as filed with the ministry or the province: what a certificate's number is made of. Two persons.
create table certification.assessors (
  organisation_id uuid primary key references people.organisations,
  designation_id  uuid not null references recognition.designations,
  kind        text not null check (kind in ('Y', 'S')), -- Y: an employer, S: a social assessor
  filing_code text not null check (filing_code ~ '^[0-9]{4}$'), -- 0000: filed with the province
  province    text not null check (province ~ '^[0-9]{2}$'),
  serial      text not null check (serial ~ '^[0-9]{6}$'),
  filing_no   text not null check (length(filing_no) between 2 and 80),
  state       text not null default 'proposed' check (state in ('proposed', 'in-force', 'rejected')),
  proposed_by text not null, proposed_by_name text not null, proposed_at timestamptz not null,
  decided_by  text, decided_by_name text, decided_at timestamptz,
  constraint assessor_needs_two_persons check (decided_by is null or decided_by <> proposed_by),
  check ((state = 'proposed') = (decided_by is null))
);
create unique index assessor_number on certification.assessors (kind, filing_code, province, serial) where state <> 'rejected';

-- Occupation × level an assessor may certify, from day to day; what a candidate must bring stands with it.
create table certification.scopes (
  id          uuid primary key default uuidv7(),
  organisation_id uuid not null references certification.assessors,
  edition     text not null,
  code        text not null,
  level       text not null,
  parts       text[] not null check (parts <@ array['theory', 'skill', 'review'] and cardinality(parts) > 0),
  standard    text not null check (length(standard) between 2 and 120), -- the skill standard the conditions are taken from
  conditions  jsonb not null,
  valid       daterange not null check (not isempty(valid) and lower(valid) is not null),
  source      text not null check (length(source) between 2 and 200),
  state       text not null default 'proposed' check (state in ('proposed', 'in-force', 'rejected')),
  proposed_by text not null, proposed_by_name text not null, proposed_at timestamptz not null,
  decided_by  text, decided_by_name text, decided_at timestamptz,
  foreign key (edition, code) references occupations.occupations (edition, code),
  constraint scope_needs_two_persons check (decided_by is null or decided_by <> proposed_by),
  check ((state = 'proposed') = (decided_by is null)),
  constraint scope_once exclude using gist (organisation_id with =, edition with =, code with =, level with =, valid with &&)
    where (state <> 'rejected')
);

create table certification.sites (
  id          uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  name        text not null check (length(name) between 2 and 80),
  address     text not null check (length(address) between 4 and 200),
  tenure      text not null check (tenure in ('owned', 'leased')),
  leased_to   date,
  state       text not null default 'proposed' check (state in ('proposed', 'in-force', 'rejected')),
  proposed_by text not null, proposed_by_name text not null, proposed_at timestamptz not null,
  inspected_on date,
  decided_by  text, decided_by_name text, decided_at timestamptz,
  check ((tenure = 'leased') = (leased_to is not null)),
  check ((state = 'proposed') = (decided_by is null)),
  constraint site_needs_two_persons check (decided_by is null or decided_by <> proposed_by),
  unique (id, organisation_id),
  unique (organisation_id, name)
);
create table certification.rooms (
  id      uuid primary key default uuidv7(),
  site_id uuid not null references certification.sites,
  name    text not null check (length(name) between 1 and 60),
  part    text not null check (part in ('theory', 'skill', 'review')),
  seats   int not null check (seats between 1 and 500),
  video   boolean not null, -- recorded while the exam goes on
  unique (site_id, name)
);
create table certification.examiners (
  id        uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  person_id uuid not null references people.persons,
  name      text not null check (length(name) between 2 and 60), -- examiners are named in the batch's paper
  role      text not null check (role in ('examiner', 'supervisor')),
  card_no   text not null check (length(card_no) between 2 and 60),
  valid_to  date,
  added_by  text not null, added_at timestamptz not null,
  unique (organisation_id, person_id, role)
);

create table certification.counters (key text primary key, last int not null check (last between 1 and 999999));

create table certification.batches (
  id          uuid primary key default uuidv7(),
  number      text not null unique,
  organisation_id uuid not null references certification.assessors,
  site_id     uuid not null,
  scope_id    uuid not null references certification.scopes,
  edition     text not null, code text not null, level text not null,
  parts       text[] not null,
  class_id    uuid references training.classes, -- the class whose learners are examined; its marks are taken over
  title       text not null check (length(title) between 4 and 100),
  state       text not null default 'draft' check (state in ('draft', 'filed', 'returned', 'accepted', 'scoring', 'scored',
                'publicised', 'held', 'cleared', 'issued', 'cancelled')),
  round       int not null default 1 check (round > 0), -- of the sheet: opened again, it begins a new one
  sheet_version int not null default 0,
  supervisor_id uuid references certification.examiners,
  filed_at    timestamptz, filed_by text,
  decided_by  text, decided_by_name text,
  publicised_on date, publicity_ends_on date check (publicity_ends_on >= publicised_on),
  held_by     text,
  created_by  text not null, created_at timestamptz not null,
  foreign key (site_id, organisation_id) references certification.sites (id, organisation_id),
  check ((publicised_on is null) = (publicity_ends_on is null))
);
create index on certification.batches (organisation_id, id desc);
create unique index one_batch_a_class on certification.batches (class_id, level) where class_id is not null and state <> 'cancelled';

create table certification.sittings (
  id          uuid primary key default uuidv7(),
  batch_id    uuid not null references certification.batches,
  room_id     uuid not null references certification.rooms,
  part        text not null check (part in ('theory', 'skill', 'review')),
  during      tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)),
  seats       int not null check (seats between 1 and 500),
  examiner_id uuid not null references certification.examiners,
  off         boolean not null default false,
  constraint room_taken exclude using gist (room_id with =, during with &&) where (not off),
  constraint examiner_taken exclude using gist (examiner_id with =, during with &&) where (not off)
);
create index on certification.sittings (batch_id);

create table certification.candidates (
  id          uuid primary key default uuidv7(),
  batch_id    uuid not null references certification.batches,
  seq         int not null check (seq between 1 and 9999),
  person_id   uuid not null references people.persons,
  enrolment_id uuid references training.enrolments,
  condition   text not null, -- id of the scope's condition he declares under
  years       int not null check (years between 0 and 60),
  evidence    text not null check (length(evidence) between 4 and 300),
  state       text not null default 'listed' check (state in ('listed', 'struck')),
  struck_note text not null default '',
  added_by    text not null, added_at timestamptz not null,
  unique (batch_id, seq),
  unique (id, batch_id)
);
create unique index candidate_once on certification.candidates (batch_id, person_id) where state = 'listed';
create index on certification.candidates (person_id);

-- V02: no more people than every part has seats for, whoever writes at the same time.
create function certification.places_held() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare most int; listed int; part_ text; parts_ text[];
begin
  select b.parts into parts_ from certification.batches b where b.id = new.batch_id for no key update;
  foreach part_ in array parts_ loop
    select coalesce(sum(s.seats), 0) into most from certification.sittings s
      where s.batch_id = new.batch_id and s.part = part_ and not s.off;
    select count(*) into listed from certification.candidates c where c.batch_id = new.batch_id and c.state = 'listed' and c.id <> new.id;
    if new.state = 'listed' and listed + 1 > most then
      raise exception using errcode = 'P0001', constraint = 'places_held', message = 'no seat is left in part ' || part_;
    end if;
  end loop;
  return new;
end $$;
create trigger places_held before insert on certification.candidates for each row execute function certification.places_held();

create function certification.seats_fit() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare most int; room_part text;
begin
  select r.seats, r.part into most, room_part from certification.rooms r where r.id = new.room_id;
  if new.seats > most or room_part <> new.part then
    raise exception using errcode = 'P0001', constraint = 'seats_fit', message = 'the room does not hold that';
  end if;
  return new;
end $$;
create trigger seats_fit before insert on certification.sittings for each row execute function certification.seats_fit();

-- V01: scope and title on a day.
create function certification.in_scope(a_organisation uuid, an_edition text, a_code text, a_level text, on_day date) returns boolean
language sql stable security definer set search_path = pg_catalog as $$
  select exists (select from certification.scopes s join certification.assessors a on a.organisation_id = s.organisation_id
    join recognition.designations d on d.id = a.designation_id
    where s.organisation_id = a_organisation and s.edition = an_edition and s.code = a_code and s.level = a_level
      and s.state = 'in-force' and a.state = 'in-force' and s.valid @> on_day
      and d.designated_on <= on_day and (d.ended_on is null or d.ended_on > on_day))
$$;

-- Every mark ever typed or imported; the newest of a round is the sheet. Never changed.
create table certification.mark_entries (
  id           bigint generated always as identity primary key,
  batch_id     uuid not null,
  candidate_id uuid not null,
  round        int not null,
  part         text not null check (part in ('theory', 'skill', 'review')),
  tenths       int check (tenths between 0 and 1000), -- null: absent
  source       text not null check (source in ('form', 'import', 'class')),
  entered_by   text not null, entered_by_name text not null, entered_at timestamptz not null,
  foreign key (candidate_id, batch_id) references certification.candidates (id, batch_id),
  unique (id, batch_id, round, candidate_id, part, entered_by)
);
create index on certification.mark_entries (batch_id, round, candidate_id, part, id desc);

-- C23: what a second person confirmed.
create table certification.marks (
  entry_id     bigint primary key,
  batch_id     uuid not null,
  round        int not null,
  candidate_id uuid not null,
  part         text not null,
  tenths       int,
  entered_by   text not null,
  confirmed_by text not null, confirmed_at timestamptz not null,
  constraint mark_needs_two_persons check (confirmed_by <> entered_by),
  unique (batch_id, round, candidate_id, part),
  foreign key (entry_id, batch_id, round, candidate_id, part, entered_by)
    references certification.mark_entries (id, batch_id, round, candidate_id, part, entered_by)
);

create table certification.results (
  batch_id     uuid not null,
  round        int not null,
  candidate_id uuid not null,
  passed       boolean not null,
  pass_mark    int not null check (pass_mark between 1 and 100),
  explanation  jsonb not null,
  decided_at   timestamptz not null,
  primary key (candidate_id, round),
  foreign key (candidate_id, batch_id) references certification.candidates (id, batch_id)
);
create index on certification.results (batch_id, round);

create table certification.certificates (
  id            uuid primary key default uuidv7(),
  number        text not null unique check (number ~ '^[YS][0-9]{21}$'),
  verification_code text not null unique check (verification_code ~ '^[0-9A-HJKMNP-TV-Z]{20}$'),
  batch_id      uuid not null references certification.batches,
  candidate_id  uuid not null,
  person_id     uuid not null references people.persons,
  organisation_id uuid not null references certification.assessors,
  edition       text not null, code text not null, level text not null,
  level_digit   text not null check (level_digit ~ '^[1-5]$'),
  examined_on   date not null,
  holder_sealed text not null, holder_index text not null, holder_masked text not null,
  record        jsonb not null,
  digest        text not null check (digest ~ '^[0-9a-f]{64}$'),
  issued_on     date not null, issued_at timestamptz not null, issued_by text not null,
  state         text not null default 'issued' check (state in ('issued', 'revoked')),
  revoked_on    date, revoked_by text, revoke_note text,
  foreign key (candidate_id, batch_id) references certification.candidates (id, batch_id),
  constraint number_agrees check (substr(number, 16, 1) = level_digit and substr(number, 14, 2) = to_char(issued_on, 'YY')),
  check ((state = 'revoked') = (revoked_on is not null and revoked_by is not null and revoke_note is not null))
);
create unique index on certification.certificates (candidate_id) where state = 'issued';
-- the same occupation and level once for one person (R12)
create unique index certified_once on certification.certificates (person_id, edition, code, level) where state = 'issued';
create index on certification.certificates (organisation_id, issued_on);
create index on certification.certificates (batch_id);

create function certification.certificate_stands() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare a certification.assessors; b certification.batches;
begin
  if tg_op = 'UPDATE' then
    if old.state <> 'issued' or new.state <> 'revoked' then
      raise exception using errcode = 'P0001', constraint = 'revoked_once', message = 'a certificate is revoked once';
    end if;
    return new;
  end if;
  select * into b from certification.batches where id = new.batch_id;
  select * into a from certification.assessors where organisation_id = new.organisation_id;
  if b.state <> 'cleared' or b.organisation_id <> new.organisation_id or b.level <> new.level or b.code <> new.code
    or b.edition <> new.edition then
    raise exception using errcode = 'P0001', constraint = 'batch_cleared', message = 'the batch has not come that far';
  end if;
  if substr(new.number, 1, 13) <> a.kind || a.filing_code || a.province || a.serial then
    raise exception using errcode = 'P0001', constraint = 'number_of_assessor', message = 'the number is another assessor''s';
  end if;
  if not certification.in_scope(new.organisation_id, new.edition, new.code, new.level, new.examined_on) then
    raise exception using errcode = 'P0001', constraint = 'in_scope', message = 'out of scope on the day of the exam';
  end if;
  if not exists (select from certification.results r where r.candidate_id = new.candidate_id and r.round = b.round and r.passed) then
    raise exception using errcode = 'P0001', constraint = 'passed_first', message = 'the candidate did not pass';
  end if;
  return new;
end $$;
create trigger certificate_stands before insert or update on certification.certificates
  for each row execute function certification.certificate_stands();

-- V05: what stood out. Until it is lifted by two persons, the organisation's next batch cannot be filed or accepted.
create table certification.stops (
  id          uuid primary key default uuidv7(),
  organisation_id uuid not null references certification.assessors,
  batch_id    uuid not null references certification.batches,
  cause       text not null check (cause in ('burst', 'pass-rate', 'examiner-trainer')),
  facts       jsonb not null,
  state       text not null default 'standing' check (state in ('standing', 'lift-proposed', 'lifted')),
  raised_at   timestamptz not null,
  proposed_by text, proposed_by_name text, reason text check (length(reason) between 10 and 1000), proposed_at timestamptz,
  decided_by  text, decided_by_name text, decided_note text, decided_at timestamptz,
  constraint lift_needs_two_persons check (decided_by is null or decided_by <> proposed_by),
  check ((state = 'lifted') = (decided_by is not null)),
  check ((state = 'standing') = (proposed_by is null)),
  unique (batch_id, cause)
);
create index on certification.stops (organisation_id) where state <> 'lifted';

create function certification.organisation_stopped() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if old.state in ('issued', 'cancelled') then
    raise exception using errcode = 'P0001', constraint = 'batch_stands', message = 'a finished batch stays finished';
  end if;
  if new.state in ('filed', 'accepted') and new.state <> old.state then
    perform pg_advisory_xact_lock(hashtextextended('certification:' || new.organisation_id, 0));
    if exists (select from certification.stops s where s.organisation_id = new.organisation_id and s.batch_id <> new.id
      and s.state <> 'lifted') then
      raise exception using errcode = 'P0001', constraint = 'organisation_stopped', message = 'a stop stands';
    end if;
  end if;
  return new;
end $$;
create trigger organisation_stopped before update of state on certification.batches
  for each row execute function certification.organisation_stopped();

grant select, insert on certification.assessors, certification.scopes, certification.sites, certification.rooms,
  certification.examiners, certification.counters, certification.batches, certification.sittings, certification.candidates,
  certification.mark_entries, certification.marks, certification.results, certification.certificates, certification.stops to skills_app;
grant update (designation_id, kind, filing_code, province, serial, filing_no, state, proposed_by, proposed_by_name, proposed_at,
  decided_by, decided_by_name, decided_at) on certification.assessors to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, valid) on certification.scopes to skills_app;
grant update (state, inspected_on, decided_by, decided_by_name, decided_at) on certification.sites to skills_app;
grant update (last) on certification.counters to skills_app;
grant update (state, round, sheet_version, supervisor_id, filed_at, filed_by, decided_by, decided_by_name, publicised_on,
  publicity_ends_on, held_by) on certification.batches to skills_app;
grant update (off) on certification.sittings to skills_app;
grant update (state, struck_note) on certification.candidates to skills_app;
grant update (state, revoked_on, revoked_by, revoke_note) on certification.certificates to skills_app;
grant update (state, proposed_by, proposed_by_name, reason, proposed_at, decided_by, decided_by_name, decided_note, decided_at)
  on certification.stops to skills_app;
