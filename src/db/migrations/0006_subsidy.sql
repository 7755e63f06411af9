-- Claims: what a class earns, line by line, computed from records; quotes, controls, overrides, other offices' data.
-- Owned by modules/subsidy. Rules: R03, R04, R05, R21; controls C01-C25. Nobody ever types an amount.
create schema subsidy;
grant usage on schema subsidy to skills_app;

-- A promise kept for comparison: what the platform answered, from which facts and figures, signed.
create table subsidy.quotes (
  id           uuid primary key default uuidv7(),
  class_id     uuid not null references training.classes,
  amount_fen   bigint not null check (amount_fen >= 0),
  lines        jsonb not null, -- [{enrolmentId, facts, line | refusal}], no personal data
  rule_version text not null,  -- hash of the figures used
  signature    text not null,  -- HMAC over id, class, amount, lines, rule version, time
  at           timestamptz not null,
  by_user      text not null
);
create index on subsidy.quotes (class_id, at desc);
grant select, insert on subsidy.quotes to skills_app;

create sequence subsidy.claim_numbers;
grant usage on sequence subsidy.claim_numbers to skills_app;

create table subsidy.claims (
  id              uuid primary key default uuidv7(),
  number          text not null unique,
  class_id        uuid not null references training.classes,
  programme       text not null,
  organisation_id uuid not null references people.organisations,
  state           text not null default 'draft' check (state in
    ('draft', 'submitted', 'returned', 'under-review', 'reviewed', 'publicised', 'objection-held', 'approved', 'ordered',
     'paid', 'bounced', 'rejected', 'withdrawn')),
  amount_fen      bigint not null check (amount_fen >= 0), -- the sum of its lines, held by a trigger
  round           int not null default 0 check (round >= 0), -- how often it was submitted
  rule_version    text not null,
  quote_id        uuid references subsidy.quotes,
  bank_account_id uuid references people.bank_accounts,
  commitment_at   timestamptz, -- the claimant's commitment to truth (承诺)
  commitment_by   text,
  submitted_at    timestamptz, -- the first submission: decides the place in line for a yearly cap
  submitted_by    text,
  created_at      timestamptz not null,
  created_by      text not null,
  version         int not null default 1,
  check (state in ('draft', 'withdrawn') or
    (submitted_at is not null and submitted_by is not null and bank_account_id is not null and commitment_at is not null))
);
-- A class is claimed once at a time.
create unique index on subsidy.claims (class_id) where state not in ('withdrawn', 'rejected');
create index on subsidy.claims (organisation_id, created_at desc);
create index on subsidy.claims (state, submitted_at);
create index on subsidy.claims (bank_account_id);
grant select, insert on subsidy.claims to skills_app;
grant update (state, amount_fen, round, rule_version, quote_id, bank_account_id, commitment_at, commitment_by, submitted_at,
  submitted_by, version) on subsidy.claims to skills_app;

-- One person in one class. The arithmetic of R04 is repeated here, so a wrong amount cannot be stored at all.
create table subsidy.claim_lines (
  id            uuid primary key default uuidv7(),
  claim_id      uuid not null references subsidy.claims,
  enrolment_id  uuid not null references training.enrolments,
  person_id     uuid not null references people.persons,
  programme     text not null,
  year          int not null check (year between 2000 and 2200),
  minutes       int not null check (minutes >= 0),
  hour_minutes  int not null check (hour_minutes > 0),
  class_hours   int not null check (class_hours = minutes / hour_minutes),
  unit_fen      bigint not null check (unit_fen >= 0),
  cap_per       text not null check (cap_per in ('person-calendar-year', 'person-class')),
  cap_fen       bigint check (cap_fen >= 0), -- null: the programme has no cap
  cap_used_before_fen bigint not null check (cap_used_before_fen >= 0),
  amount_fen    bigint not null check (amount_fen >= 0),
  fund_source   text not null,
  facts         jsonb not null,
  explanation   jsonb not null,
  live          boolean not null default true, -- false: dropped, or its claim was withdrawn or rejected
  cap_held_at   timestamptz,                   -- since when its amount counts against the person's year
  dropped_at    timestamptz,
  dropped_by    text,
  drop_reason   text not null default '',
  dropped_as    text check (dropped_as in ('claimant', 'recomputed', 'bureau')), -- recomputed: may come back by itself
  check (amount_fen = least(unit_fen * class_hours, greatest(coalesce(cap_fen - cap_used_before_fen, unit_fen * class_hours), 0))),
  check (dropped_at is null or (not live and length(drop_reason) >= 2 and dropped_by is not null))
);
create unique index on subsidy.claim_lines (enrolment_id) where live;
create index on subsidy.claim_lines (claim_id);
create index on subsidy.claim_lines (person_id, programme, year) where live and cap_held_at is not null;
grant select, insert on subsidy.claim_lines to skills_app;
grant update (minutes, hour_minutes, class_hours, unit_fen, cap_fen, cap_used_before_fen, amount_fen, fund_source, year, facts,
  explanation, live, cap_held_at, dropped_at, dropped_by, drop_reason, dropped_as) on subsidy.claim_lines to skills_app;

-- A claim is the sum of its lines: looked at when the transaction commits.
create function subsidy.claim_is_its_lines() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare claim uuid; stated bigint; summed bigint;
begin
  if tg_table_name = 'claims' then claim := new.id; else claim := new.claim_id; end if;
  select amount_fen into stated from subsidy.claims where id = claim;
  select coalesce(sum(amount_fen), 0) into summed from subsidy.claim_lines where claim_id = claim and dropped_at is null;
  if stated <> summed then
    raise exception using errcode = 'P0001', constraint = 'claim_is_its_lines',
      message = format('claim %s says %s fen, its lines say %s', claim, stated, summed);
  end if;
  return null;
end $$;
create constraint trigger claim_is_its_lines after insert or update of amount_fen on subsidy.claims
  deferrable initially deferred for each row execute function subsidy.claim_is_its_lines();
create constraint trigger line_is_in_its_claim after insert or update of amount_fen, dropped_at on subsidy.claim_lines
  deferrable initially deferred for each row execute function subsidy.claim_is_its_lines();

-- C10: a person's year is never exceeded, whoever claims and however many at once.
create function subsidy.cap_holds() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare used bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('subsidy.cap:' || new.person_id || ':' || new.programme || ':' || new.year, 0));
  select coalesce(sum(amount_fen), 0) into used from subsidy.claim_lines
    where person_id = new.person_id and programme = new.programme and year = new.year
      and live and cap_held_at is not null and cap_per = 'person-calendar-year';
  if used > new.cap_fen then
    raise exception using errcode = 'P0001', constraint = 'cap_holds',
      message = format('person-year %s would hold %s fen of %s', new.year, used, new.cap_fen);
  end if;
  return null;
end $$;
create trigger cap_holds after insert or update of amount_fen, live, cap_held_at, year, cap_fen on subsidy.claim_lines
  for each row when (new.live and new.cap_held_at is not null and new.amount_fen > 0 and new.cap_fen is not null
    and new.cap_per = 'person-calendar-year')
  execute function subsidy.cap_holds();

-- What was submitted stays as submitted: money on a line changes only while the claim is with the claimant.
create function subsidy.lines_stand() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if (select state from subsidy.claims where id = new.claim_id) not in ('draft', 'returned') then
    raise exception using errcode = 'P0001', constraint = 'lines_stand',
      message = format('line %s belongs to a claim that is no longer with the claimant', new.id);
  end if;
  return new;
end $$;
create trigger lines_stand before insert or update of minutes, hour_minutes, class_hours, unit_fen, cap_fen,
  cap_used_before_fen, amount_fen, year, facts, explanation, dropped_at on subsidy.claim_lines
  for each row execute function subsidy.lines_stand();

-- One run of the controls over one claim; the verdicts are only ever added to. A control that finds nothing leaves one
-- row for the claim; each line that fails or cannot be checked leaves its own.
create table subsidy.control_runs (
  id         uuid primary key default uuidv7(),
  claim_id   uuid not null references subsidy.claims,
  round      int not null,
  occasion   text not null check (occasion in ('draft', 'submit', 'review', 'payment', 'scheduled')),
  lines      int not null check (lines >= 0),
  blocking   int not null check (blocking >= 0), -- failed controls that block and are not overridden
  warnings   int not null check (warnings >= 0),
  unknown    int not null check (unknown >= 0),
  at         timestamptz not null,
  by_user    text not null
);
create index on subsidy.control_runs (claim_id, at desc);
create table subsidy.control_results (
  id         uuid primary key default uuidv7(),
  run_id     uuid not null references subsidy.control_runs,
  claim_id   uuid not null references subsidy.claims,
  line_id    uuid references subsidy.claim_lines,
  control    text not null check (control ~ '^C[0-9]{2}$'),
  verdict    text not null check (verdict in ('pass', 'fail', 'unknown')),
  severity   text not null check (severity in ('block', 'warn')),
  reason     text not null default '', -- code; its words are in control.schema.ts
  evidence   jsonb not null default '{}', -- ids, counts and days; never names or numbers of people
  checked    int not null default 1 check (checked >= 0), -- lines looked at
  checked_at timestamptz not null
);
create index on subsidy.control_results (run_id, control);
create index on subsidy.control_results (claim_id, control, checked_at desc);
create index on subsidy.control_results (line_id) where line_id is not null;
grant select, insert on subsidy.control_runs, subsidy.control_results to skills_app;

-- C25: letting a failed control pass takes two people, a reason and an end.
create table subsidy.overrides (
  id           uuid primary key default uuidv7(),
  control      text not null check (control ~ '^C[0-9]{2}$'),
  claim_id     uuid not null references subsidy.claims,
  line_id      uuid references subsidy.claim_lines,
  reason       text not null check (length(btrim(reason)) >= 10),
  expires_on   date not null,
  requested_by text not null,
  requested_by_name text not null,
  requested_at timestamptz not null,
  state        text not null default 'requested' check (state in ('requested', 'approved', 'refused', 'revoked')),
  decided_by   text,
  decided_by_name text,
  decided_at   timestamptz,
  decision_note text not null default '',
  revoked_by   text,
  revoked_at   timestamptz,
  check (decided_by is distinct from requested_by or decided_by is null),
  check ((state = 'requested') = (decided_by is null)),
  check ((state = 'revoked') = (revoked_by is not null))
);
create unique index on subsidy.overrides (claim_id, control, line_id) nulls not distinct where state in ('requested', 'approved');
grant select, insert on subsidy.overrides to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, decision_note, revoked_by, revoked_at) on subsidy.overrides to skills_app;

-- What other offices know, with its provenance. Documents are kept as blind indexes only.
create table subsidy.datasets (
  id            uuid primary key default uuidv7(),
  kind          text not null check (kind in ('deceased', 'pension', 'payroll-staff', 'full-time-student', 'social-insurance',
    'dishonest-organisations', 'paid-elsewhere')),
  provider_body text not null check (length(provider_body) between 2 and 120),
  document_no   text not null check (length(document_no) between 2 and 120),
  as_of         date not null,
  covers_from   date not null,
  covers_to     date not null check (covers_to >= covers_from),
  file_id       uuid not null references platform.files,
  file_sha256   text not null,
  file_name     text not null,
  state         text not null default 'queued' check (state in ('queued', 'imported', 'failed', 'withdrawn')),
  rows_total    int not null default 0,
  rows_accepted int not null default 0,
  rows_rejected int not null default 0,
  faults        jsonb not null default '[]',
  message       text not null default '',
  imported_by   text not null,
  imported_by_name text not null,
  at            timestamptz not null,
  finished_at   timestamptz,
  withdrawn_by  text,
  withdraw_reason text not null default ''
);
create unique index on subsidy.datasets (kind, file_sha256) where state in ('queued', 'imported');
create index on subsidy.datasets (kind, covers_from, covers_to) where state = 'imported';
create table subsidy.dataset_rows (
  dataset_id     uuid not null references subsidy.datasets,
  row            int not null,
  document_index text,
  uscc           text,
  from_on        date not null,
  to_on          date check (to_on >= from_on),
  value          jsonb not null default '{}',
  primary key (dataset_id, row),
  check (document_index is not null or uscc is not null)
);
create index on subsidy.dataset_rows (document_index, dataset_id) where document_index is not null;
create index on subsidy.dataset_rows (uscc, dataset_id) where document_index is null;
grant select, insert on subsidy.datasets, subsidy.dataset_rows to skills_app;
grant update (state, rows_total, rows_accepted, rows_rejected, faults, message, finished_at, withdrawn_by, withdraw_reason)
  on subsidy.datasets to skills_app;
