-- Titles and appointments: schemes as they stood, calls, applications, experts, designations. Owned by modules/recognition.
-- HZ4-M02; R23 quotas, A01 procedure, A02 experts, A03 term.
insert into auth.roles values ('recognition-expert', 'district');
insert into auth.incompatible_roles values
  ('recognition-expert', 'hr-intake'), ('hr-intake', 'recognition-expert'),
  ('recognition-expert', 'hr-leader'), ('hr-leader', 'recognition-expert');

create schema recognition;
grant usage on schema recognition to skills_app;

create table recognition.counters (
  key  text primary key,
  last int not null check (last > 0)
);
grant select, insert, update on recognition.counters to skills_app;

-- The text of a scheme as it was when a call was published: everything in that call is judged by it.
create table recognition.scheme_versions (
  id        uuid primary key default uuidv7(),
  scheme    text not null,
  digest    text not null check (digest ~ '^[0-9a-f]{64}$'),
  edition   text not null,
  body      jsonb not null,
  stored_at timestamptz not null,
  unique (scheme, digest),
  unique (id, scheme)
);
grant select, insert on recognition.scheme_versions to skills_app;

create table recognition.calls (
  id            uuid primary key default uuidv7(),
  number        text not null unique,
  scheme        text not null,
  version_id    uuid not null,
  title         text not null check (length(title) between 4 and 120),
  announcement  text not null check (length(announcement) between 10 and 4000),
  opens_on      date not null,
  closes_on     date check (closes_on >= opens_on), -- null: open until closed
  state         text not null default 'draft' check (state in ('draft', 'published', 'closed', 'dropped')),
  drafted_by    text not null,
  drafted_by_name text not null,
  drafted_at    timestamptz not null,
  published_by  text,
  published_by_name text,
  published_at  timestamptz,
  -- The seed of the draws is fixed when the call is published: its SHA-256 is public at once, itself at the draw.
  seed_sealed   text,
  seed_commitment text check (seed_commitment ~ '^[0-9a-f]{64}$'),
  unique (id, scheme, version_id),
  foreign key (version_id, scheme) references recognition.scheme_versions (id, scheme),
  check ((state in ('published', 'closed')) = (published_at is not null)),
  check ((published_at is null) = (published_by is null) and (published_at is null) = (seed_commitment is null)),
  constraint call_by_two check (published_by <> drafted_by)
);
create index on recognition.calls (state, closes_on);
grant select, insert on recognition.calls to skills_app;
grant update (title, announcement, opens_on, closes_on, state, published_by, published_by_name, published_at, seed_sealed, seed_commitment)
  on recognition.calls to skills_app;

-- How many the call may take: written once, when it is published. `most` null: nobody has laid it down.
create table recognition.call_limits (
  call_id uuid not null references recognition.calls,
  quota   text not null,
  scope   text not null check (scope in ('total', 'year', 'organisation', 'call-organisation')),
  holds   text not null check (holds in ('in-term', 'ever')),
  most    int check (most >= 0),
  figure  text not null,
  primary key (call_id, quota)
);
grant select, insert on recognition.call_limits to skills_app;

-- Places taken. Written by the triggers below and by nothing else; a row is locked until its transaction ends.
create table recognition.quota_taken (
  scheme text not null,
  quota  text not null,
  key    text not null,
  taken  int not null check (taken >= 0),
  primary key (scheme, quota, key)
);
grant select on recognition.quota_taken to skills_app;

create table recognition.applications (
  id              uuid primary key default uuidv7(),
  number          text unique, -- given when first submitted
  call_id         uuid not null,
  scheme          text not null,
  version_id      uuid not null,
  path            text not null,
  organisation_id uuid references people.organisations,
  person_id       uuid references people.persons,
  item            text not null default '' check (length(item) <= 120),
  grade           text not null default '',
  holder_key      text, -- person:<id>, organisation:<id>, item:<organisation>:<name>; from the first submission on
  public_name     text not null default '' check (length(public_name) <= 120), -- as it will be published, by consent
  form_sealed     text not null,
  applicant       text not null, -- the account
  state           text not null default 'draft' check (state in
    ('draft', 'submitted', 'formal-review', 'returned', 'recommendation', 'expert-review', 'site-visit', 'shortlist',
     'shortlisted', 'publicised', 'objection-held', 'cleared', 'designated', 'rejected', 'not-selected', 'withdrawn')),
  consent_at      timestamptz,
  consent_words   text not null default '',
  created_at      timestamptz not null,
  saved_at        timestamptz not null,
  submitted_at    timestamptz,
  submitted_by    text,
  formal_by       text, -- who took the formal review
  formal_by_name  text not null default '',
  recommended_by  text,
  chosen_by       text,
  panel_id        uuid,
  blind_code      text not null default '',
  score           numeric check (score between 0 and 100),
  spread          numeric,
  findings        jsonb not null default '[]', -- the eligibility check of the last submission
  version         int not null default 1,
  unique (id, scheme),
  foreign key (call_id, scheme, version_id) references recognition.calls (id, scheme, version_id),
  check (organisation_id is not null or person_id is not null),
  check (state in ('draft', 'withdrawn') or (number is not null and holder_key is not null and consent_at is not null))
);
create index on recognition.applications (call_id, state);
create index on recognition.applications (organisation_id, state);
create index on recognition.applications (person_id) where person_id is not null;
create index on recognition.applications (state, submitted_at);
-- One live application for each holder and scheme: nobody is nominated twice, by one firm or by two.
create unique index one_live_application on recognition.applications (scheme, holder_key)
  where holder_key is not null and state not in ('draft', 'designated', 'rejected', 'not-selected', 'withdrawn');
grant select, insert, update on recognition.applications to skills_app;

create table recognition.materials (
  id             uuid primary key default uuidv7(),
  application_id uuid not null references recognition.applications,
  kind           text not null,
  file_id        uuid not null references platform.files,
  name           text not null,
  added_by       text not null,
  added_at       timestamptz not null,
  dropped_at     timestamptz
);
create index on recognition.materials (application_id);
grant select, insert on recognition.materials to skills_app;
grant update (dropped_at) on recognition.materials to skills_app;

-- Counts a place, or frees it. The row of the quota is locked, so the one too many waits, looks and is refused.
create function recognition.take_place(a_call uuid, a_quota text, a_key text, step int) returns void
language plpgsql security definer set search_path = pg_catalog as $$
declare l recognition.call_limits; the_scheme text; n int;
begin
  select * into l from recognition.call_limits where call_id = a_call and quota = a_quota;
  select scheme into the_scheme from recognition.calls where id = a_call;
  insert into recognition.quota_taken as q (scheme, quota, key, taken) values (the_scheme, a_quota, a_key, greatest(step, 0))
    on conflict (scheme, quota, key) do update set taken = q.taken + step returning taken into n;
  if step > 0 and l.most is not null and n > l.most then
    raise exception using errcode = 'P0001', constraint = 'quota_held',
      message = format('quota %s of %s is full: %s', a_quota, the_scheme, l.most);
  end if;
end $$;
revoke all on function recognition.take_place from public;

create function recognition.live(state text) returns boolean language sql immutable as $$
  select state not in ('draft', 'rejected', 'not-selected', 'withdrawn')
$$;

create function recognition.application_counts() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare l record; before boolean := false; now_live boolean;
begin
  if tg_op = 'UPDATE' then before := recognition.live(old.state); end if;
  now_live := recognition.live(new.state);
  if before = now_live then return null; end if;
  for l in select quota from recognition.call_limits where call_id = new.call_id and scope = 'call-organisation' order by quota loop
    perform recognition.take_place(new.call_id, l.quota, new.call_id || ':' || coalesce(new.organisation_id::text, ''),
      case when now_live then 1 else -1 end);
  end loop;
  return null;
end $$;
create trigger application_counts after insert or update of state on recognition.applications
  for each row execute function recognition.application_counts();

-- A decision stands: nothing leaves an end, and what was judged by a version stays with it.
create function recognition.application_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state in ('designated', 'rejected', 'not-selected', 'withdrawn') and new.state <> old.state then
    raise exception using errcode = 'P0001', constraint = 'application_stands', message = 'a decided application stays decided';
  end if;
  if (new.call_id, new.scheme, new.version_id) is distinct from (old.call_id, old.scheme, old.version_id) then
    raise exception using errcode = 'P0001', constraint = 'application_stands', message = 'an application stays in its call';
  end if;
  return new;
end $$;
create trigger application_stands before update on recognition.applications
  for each row execute function recognition.application_stands();

-- Experts. Their accounts are given like any other; the pool says whom they work for and what they know.
create table recognition.experts (
  id              uuid primary key default uuidv7(),
  user_id         uuid not null unique references auth.users,
  person_id       uuid not null references people.persons,
  name            text not null,
  organisation_id uuid references people.organisations,
  employer        text not null check (length(employer) between 2 and 120),
  speciality      text not null check (length(speciality) between 2 and 200),
  state           text not null default 'active' check (state in ('active', 'paused')),
  added_by        text not null,
  added_at        timestamptz not null
);
grant select, insert on recognition.experts to skills_app;
grant update (organisation_id, employer, speciality, state) on recognition.experts to skills_app;

-- What an expert declares: kin or other ties to an organisation. Only added to.
create table recognition.expert_ties (
  id              uuid primary key default uuidv7(),
  expert_id       uuid not null references recognition.experts,
  organisation_id uuid not null references people.organisations,
  kind            text not null check (kind in ('kin', 'former-employer', 'business', 'other')),
  note            text not null default '' check (length(note) <= 500),
  declared_at     timestamptz not null,
  unique (expert_id, organisation_id, kind)
);
grant select, insert on recognition.expert_ties to skills_app;

create table recognition.panels (
  id        uuid primary key default uuidv7(),
  call_id   uuid not null references recognition.calls,
  number    int not null check (number > 0),
  seed      text not null, -- of this panel: SHA-256 of the call's seed and the number
  size      int not null check (size > 0),
  pool      jsonb not null, -- everybody in the pool in the order of the draw, with the reason if passed over
  state     text not null default 'open' check (state in ('open', 'closed')),
  drawn_by  text not null,
  drawn_by_name text not null,
  drawn_at  timestamptz not null,
  closed_at timestamptz,
  minutes   text not null default '' check (length(minutes) <= 4000),
  unique (call_id, number),
  unique (id, call_id)
);
grant select, insert on recognition.panels to skills_app;
grant update (state, closed_at, minutes) on recognition.panels to skills_app;
alter table recognition.applications add foreign key (panel_id, call_id) references recognition.panels (id, call_id);

create table recognition.panel_seats (
  panel_id   uuid not null references recognition.panels,
  expert_id  uuid not null references recognition.experts,
  seat       int not null check (seat > 0),
  state      text not null default 'drawn' check (state in ('drawn', 'recused')),
  reason     text not null default '',
  drawn_at   timestamptz not null,
  primary key (panel_id, expert_id),
  unique (panel_id, seat),
  check ((state = 'recused') = (reason <> ''))
);
grant select, insert on recognition.panel_seats to skills_app;
grant update (state, reason) on recognition.panel_seats to skills_app;

-- One expert's marks for one application; given once, never changed.
create table recognition.sheets (
  id             uuid primary key default uuidv7(),
  panel_id       uuid not null,
  application_id uuid not null references recognition.applications,
  expert_id      uuid not null,
  scores         jsonb not null, -- dimension → 0..100
  total          numeric not null check (total between 0 and 100),
  opinion        text not null check (length(opinion) between 4 and 2000),
  given_at       timestamptz not null,
  dropped        boolean not null default false, -- left out as an extreme, by the scheme's rule
  unique (application_id, expert_id),
  foreign key (panel_id, expert_id) references recognition.panel_seats (panel_id, expert_id)
);
create index on recognition.sheets (panel_id);
grant select, insert on recognition.sheets to skills_app;
grant update (dropped) on recognition.sheets to skills_app;

-- Recorded by one officer, confirmed by another who was there.
create table recognition.visits (
  id             uuid primary key default uuidv7(),
  application_id uuid not null references recognition.applications,
  visited_on     date not null,
  checks         jsonb not null,
  finding        text not null check (finding in ('pass', 'fail')),
  note           text not null check (length(note) between 4 and 2000),
  recorded_by    text not null,
  recorded_by_name text not null,
  recorded_at    timestamptz not null,
  confirmed_by   text,
  confirmed_by_name text not null default '',
  confirmed_at   timestamptz,
  constraint visit_by_two check (confirmed_by <> recorded_by),
  check ((confirmed_by is null) = (confirmed_at is null))
);
create unique index one_open_visit on recognition.visits (application_id) where confirmed_at is null;
grant select, insert on recognition.visits to skills_app;
grant update (confirmed_by, confirmed_by_name, confirmed_at) on recognition.visits to skills_app;

create table recognition.publications (
  id         uuid primary key default uuidv7(),
  number     text not null unique,
  call_id    uuid not null references recognition.calls,
  title      text not null check (length(title) between 4 and 120),
  opened_on  date not null,
  closes_on  date not null check (closes_on >= opened_on),
  workdays   int not null,
  decided    boolean not null,
  snapshot   jsonb not null,
  digest     text not null,
  root       text not null,
  state      text not null default 'open' check (state in ('open', 'closed')),
  opened_by  text not null,
  opened_by_name text not null,
  opened_at  timestamptz not null,
  closed_at  timestamptz
);
create index on recognition.publications (state, closes_on);
grant select, insert on recognition.publications to skills_app;
grant update (state, closed_at) on recognition.publications to skills_app;

create table recognition.publication_rows (
  id             uuid primary key default uuidv7(),
  publication_id uuid not null references recognition.publications,
  application_id uuid not null references recognition.applications,
  position       int not null,
  content        jsonb not null,
  leaf           text not null,
  unique (publication_id, position),
  unique (publication_id, application_id)
);
create index on recognition.publication_rows (application_id);
grant select, insert on recognition.publication_rows to skills_app;

create table recognition.objections (
  id             uuid primary key default uuidv7(),
  number         text not null unique,
  row_id         uuid not null references recognition.publication_rows,
  application_id uuid not null references recognition.applications,
  receipt_index  text not null unique,
  reason         text not null,
  text_sealed    text not null,
  contact_sealed text,
  lodged_at      timestamptz not null,
  due_on         date not null,
  state          text not null default 'open' check (state in ('open', 'upheld', 'dismissed')),
  reply          text not null default '',
  decided_by     text,
  decided_by_name text not null default '',
  decided_at     timestamptz,
  check ((state = 'open') = (decided_at is null))
);
create index on recognition.objections (application_id) where state = 'open';
create index on recognition.objections (state, due_on);
grant select, insert on recognition.objections to skills_app;
grant update (state, reply, decided_by, decided_by_name, decided_at) on recognition.objections to skills_app;

create table recognition.designations (
  id              uuid primary key default uuidv7(),
  number          text not null unique,
  scheme          text not null,
  version_id      uuid not null,
  call_id         uuid not null,
  application_id  uuid not null unique,
  path            text not null,
  holder_key      text not null,
  holder_name     text not null check (length(holder_name) between 1 and 120),
  grade           text not null default '',
  organisation_id uuid references people.organisations,
  person_id       uuid references people.persons,
  state           text not null default 'in-term' check (state in ('in-term', 'warned', 'revoked', 'withdrawn', 'expired')),
  doc_no          text not null default '' check (length(doc_no) <= 60),
  designated_on   date not null,
  designated_by   text not null,
  designated_by_name text not null,
  designated_at   timestamptz not null,
  ended_on        date check (ended_on >= designated_on),
  end_cause       text not null default '',
  foreign key (application_id, scheme) references recognition.applications (id, scheme),
  foreign key (call_id, scheme, version_id) references recognition.calls (id, scheme, version_id),
  check ((state in ('in-term', 'warned')) = (ended_on is null))
);
create unique index one_title_in_term on recognition.designations (scheme, holder_key) where ended_on is null;
create index on recognition.designations (scheme, state, designated_on);
create index on recognition.designations (organisation_id);
grant select, insert on recognition.designations to skills_app;
grant update (state, ended_on, end_cause) on recognition.designations to skills_app;

create function recognition.designation_counts() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare l record; step int;
begin
  if tg_op = 'INSERT' then step := 1;
  elsif old.ended_on is null and new.ended_on is not null then step := -1;
  elsif old.ended_on is not null then
    raise exception using errcode = 'P0001', constraint = 'designation_stands', message = 'an ended designation stays ended';
  else return null;
  end if;
  for l in select quota, scope, holds from recognition.call_limits
      where call_id = new.call_id and scope <> 'call-organisation' order by quota loop
    continue when step < 0 and l.holds = 'ever';
    perform recognition.take_place(new.call_id, l.quota, case l.scope
      when 'organisation' then coalesce(new.organisation_id::text, '')
      when 'year' then extract(year from new.designated_on)::text else '' end, step);
  end loop;
  return null;
end $$;
create trigger designation_counts after insert or update of ended_on on recognition.designations
  for each row execute function recognition.designation_counts();

-- A01: whoever examined, recommended or chose an application does not also designate, save where the bureau only registers.
create function recognition.designation_by_others() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare a recognition.applications; registers boolean;
begin
  select * into a from recognition.applications where id = new.application_id;
  select v.body ->> 'kind' = 'register' into registers from recognition.scheme_versions v where v.id = new.version_id;
  if not registers and new.designated_by in (a.formal_by, a.recommended_by, a.chosen_by, a.applicant) then
    raise exception using errcode = 'P0001', constraint = 'designation_by_others', message = 'designated by somebody who took part before';
  end if;
  return new;
end $$;
create trigger designation_by_others before insert on recognition.designations
  for each row execute function recognition.designation_by_others();

-- Terms one after another; a renewal is a further row.
create table recognition.terms (
  designation_id uuid not null references recognition.designations,
  seq            int not null check (seq > 0),
  from_on        date not null,
  to_on          date check (to_on >= from_on), -- null: nobody has laid down how long
  note           text not null default '',
  by_user        text not null,
  by_name        text not null,
  at             timestamptz not null,
  primary key (designation_id, seq)
);
create index on recognition.terms (to_on);
grant select, insert on recognition.terms to skills_app;

create table recognition.year_checks (
  id             uuid primary key default uuidv7(),
  designation_id uuid not null references recognition.designations,
  year           int not null check (year between 2000 and 2200),
  grade          text not null,
  fails          boolean not null,
  note           text not null check (length(note) between 4 and 1000),
  proposed_by    text not null,
  proposed_by_name text not null,
  proposed_at    timestamptz not null,
  confirmed_by   text,
  confirmed_by_name text not null default '',
  confirmed_at   timestamptz,
  unique (designation_id, year),
  constraint year_check_by_two check (confirmed_by <> proposed_by)
);
grant select, insert on recognition.year_checks to skills_app;
grant update (confirmed_by, confirmed_by_name, confirmed_at) on recognition.year_checks to skills_app;

-- A warning or an end: proposed by one, decided by another.
create table recognition.exits (
  id             uuid primary key default uuidv7(),
  designation_id uuid not null references recognition.designations,
  kind           text not null check (kind in ('warn', 'revoke', 'withdraw')),
  cause          text not null,
  note           text not null check (length(note) between 4 and 2000),
  state          text not null default 'proposed' check (state in ('proposed', 'decided', 'declined')),
  proposed_by    text not null,
  proposed_by_name text not null,
  proposed_at    timestamptz not null,
  decided_by     text,
  decided_by_name text not null default '',
  decided_at     timestamptz,
  constraint exit_by_two check (decided_by <> proposed_by),
  check ((state = 'proposed') = (decided_at is null))
);
create unique index one_open_exit on recognition.exits (designation_id) where state = 'proposed';
grant select, insert on recognition.exits to skills_app;
grant update (state, decided_by, decided_by_name, decided_at) on recognition.exits to skills_app;

create table recognition.upward (
  id             uuid primary key default uuidv7(),
  designation_id uuid not null references recognition.designations,
  target         text not null,
  note           text not null default '' check (length(note) <= 1000),
  by_user        text not null,
  by_name        text not null,
  at             timestamptz not null,
  unique (designation_id, target)
);
grant select, insert on recognition.upward to skills_app;
