-- Skills competitions: types as they stood, events, judges, entries, marks, standings, awards. Owned by modules/competition.
-- HZ4-M09; R32 marks, ties and prizes; A02 judges; A01 publicity.
create schema competition;
grant usage on schema competition to skills_app;

create table competition.counters (
  key  text primary key,
  last int not null check (last > 0)
);
grant select, insert, update on competition.counters to skills_app;

create table competition.type_versions (
  id        uuid primary key default uuidv7(),
  type      text not null,
  digest    text not null check (digest ~ '^[0-9a-f]{64}$'),
  edition   text not null,
  body      jsonb not null,
  stored_at timestamptz not null,
  unique (type, digest)
);
grant select, insert on competition.type_versions to skills_app;

create table competition.events (
  id              uuid primary key default uuidv7(),
  number          text unique, -- given when first filed
  type            text not null,
  version_id      uuid not null references competition.type_versions,
  organisation_id uuid not null references people.organisations, -- the host
  title           text not null check (length(title) between 4 and 120),
  purpose         text not null default '' check (length(purpose) <= 2000),
  partners        text not null default '' check (length(partners) <= 500),
  venue           text not null default '' check (length(venue) <= 200),
  groups          jsonb not null default '[]', -- [{ id, places }]: of the type's groups, with how many places
  fee_fen         bigint not null default 0 check (fee_fen >= 0),
  entries_from    date,
  entries_to      date check (entries_to >= entries_from),
  held_from       date,
  held_to         date check (held_to >= held_from),
  state           text not null default 'draft' check (state in
    ('draft', 'filed', 'review', 'returned', 'rejected', 'withdrawn', 'accepted', 'announced', 'checking', 'running', 'scored',
     'publicised', 'objection-held', 'cleared', 'awarded', 'archived', 'cancelled')),
  created_by      text not null,
  created_at      timestamptz not null,
  saved_at        timestamptz not null,
  filed_by        text,
  filed_at        timestamptz,
  taken_by        text,
  taken_by_name   text not null default '',
  accepted_by     text,
  document_id     uuid, -- the approved technical document
  seed_sealed     text, -- of the blind codes: fixed when the event is announced
  seed_commitment text check (seed_commitment ~ '^[0-9a-f]{64}$'),
  announced_at    timestamptz,
  protests_until  date,
  run             int not null default 0, -- the standing run that counts
  publicised_by   text,
  awarded_by      text,
  awarded_on      date,
  archive_digest  text not null default '',
  version         int not null default 1,
  check ((seed_sealed is null) = (seed_commitment is null)),
  check (state in ('draft', 'withdrawn') or number is not null),
  constraint filing_by_two check (accepted_by <> filed_by)
);
create index on competition.events (state, entries_to);
create index on competition.events (organisation_id, state);
grant select, insert, update on competition.events to skills_app;

create table competition.documents (
  id             uuid primary key default uuidv7(),
  event_id       uuid not null references competition.events,
  number         int not null check (number > 0),
  body           text not null check (length(body) between 20 and 20000),
  terms          jsonb not null,
  state          text not null default 'proposed' check (state in ('proposed', 'approved', 'declined')),
  written_by     text not null,
  written_by_name text not null,
  written_at     timestamptz not null,
  decided_by     text,
  decided_by_name text not null default '',
  decided_at     timestamptz,
  note           text not null default '' check (length(note) <= 1000),
  unique (event_id, number),
  unique (id, event_id),
  constraint document_by_two check (decided_by <> written_by),
  check ((state = 'proposed') = (decided_at is null))
);
create unique index one_proposed_document on competition.documents (event_id) where state = 'proposed';
grant select, insert on competition.documents to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, note) on competition.documents to skills_app;
alter table competition.events add foreign key (document_id, id) references competition.documents (id, event_id);

-- Places of a group. `most` null: without limit. `taken` is written by the trigger below and by nothing else.
create table competition.group_places (
  event_id uuid not null references competition.events,
  group_id text not null,
  most     int check (most > 0),
  taken    int not null default 0 check (taken >= 0),
  primary key (event_id, group_id)
);
grant select on competition.group_places to skills_app;
grant insert (event_id, group_id, most) on competition.group_places to skills_app;

create table competition.judges (
  id              uuid primary key default uuidv7(),
  event_id        uuid not null references competition.events,
  expert_id       uuid not null references recognition.experts,
  person_id       uuid not null references people.persons,
  name            text not null,
  employer        text not null,
  organisation_id uuid references people.organisations,
  duty            text not null check (duty in ('chief', 'judge')),
  state           text not null default 'seated' check (state in ('seated', 'left')),
  reason          text not null default '' check (length(reason) <= 1000),
  seated_by       text not null,
  seated_at       timestamptz not null,
  left_at         timestamptz,
  unique (event_id, expert_id),
  check ((state = 'left') = (left_at is not null))
);
create unique index one_chief on competition.judges (event_id) where duty = 'chief' and state = 'seated';
create index on competition.judges (person_id, state);
grant select, insert on competition.judges to skills_app;
grant update (state, reason, left_at, duty) on competition.judges to skills_app;

-- Kin and pupils a judge declares, by a blind index of the document: it holds for people who register later too.
create table competition.relations (
  id           uuid primary key default uuidv7(),
  expert_id    uuid not null references recognition.experts,
  kind         text not null check (kind in ('kin', 'pupil')),
  person_index text not null,
  note         text not null default '' check (length(note) <= 300),
  declared_at  timestamptz not null,
  unique (expert_id, person_index)
);
create index on competition.relations (person_index);
grant select, insert on competition.relations to skills_app;

create table competition.entries (
  id              uuid primary key default uuidv7(),
  number          text not null,
  event_id        uuid not null,
  group_id        text not null,
  organisation_id uuid references people.organisations,
  unit            text not null check (length(unit) between 1 and 120), -- as it will be published
  team            text not null default '' check (length(team) <= 60),
  public_name     text not null check (length(public_name) between 1 and 200),
  state           text not null default 'registered' check (state in ('registered', 'eligible', 'refused', 'withdrawn', 'disqualified')),
  consent_words   text not null,
  registered_by   text not null,
  registered_at   timestamptz not null,
  decided_by      text,
  decided_by_name text not null default '',
  decided_at      timestamptz,
  note            text not null default '' check (length(note) <= 1000),
  unique (event_id, number),
  unique (id, event_id),
  foreign key (event_id, group_id) references competition.group_places (event_id, group_id)
);
create index on competition.entries (event_id, state);
create index on competition.entries (organisation_id);
grant select, insert on competition.entries to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, note) on competition.entries to skills_app;

create table competition.members (
  id        uuid primary key default uuidv7(),
  entry_id  uuid not null,
  event_id  uuid not null,
  person_id uuid not null references people.persons,
  seat      int not null check (seat > 0),
  name      text not null, -- by consent: on the certificate and the list
  left_at   timestamptz,
  unique (entry_id, seat),
  foreign key (entry_id, event_id) references competition.entries (id, event_id)
);
-- Nobody is in the same event twice.
create unique index one_place_a_person on competition.members (event_id, person_id) where left_at is null;
create index on competition.members (person_id);
grant select, insert on competition.members to skills_app;
grant update (left_at) on competition.members to skills_app;

create function competition.live(state text) returns boolean language sql immutable as $$
  select state in ('registered', 'eligible', 'disqualified')
$$;

-- Counts a place or frees it, under the lock of its row: the one too many waits, looks and is refused.
create function competition.entry_counts() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare p competition.group_places; before boolean := false; step int;
begin
  if tg_op = 'UPDATE' then
    before := competition.live(old.state);
    if old.state in ('refused', 'withdrawn', 'disqualified') and new.state <> old.state then
      raise exception using errcode = 'P0001', constraint = 'entry_stands', message = 'an entry that has ended stays ended';
    end if;
  end if;
  if before = competition.live(new.state) then return null; end if;
  step := case when before then -1 else 1 end;
  update competition.group_places set taken = taken + step where event_id = new.event_id and group_id = new.group_id returning * into p;
  if step > 0 and p.most is not null and p.taken > p.most then
    raise exception using errcode = 'P0001', constraint = 'places_held', message = format('group %s has %s places', new.group_id, p.most);
  end if;
  if step < 0 then update competition.members set left_at = coalesce(new.decided_at, now()) where entry_id = new.id and left_at is null; end if;
  return null;
end $$;
create trigger entry_counts after insert or update of state on competition.entries
  for each row execute function competition.entry_counts();

-- Nobody judges where he enters. Both sides wait for one another at the same lock.
create function competition.judge_or_member() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if to_jsonb(new) ->> 'state' = 'left' then return new; end if;
  perform pg_advisory_xact_lock(hashtextextended('competition.person:' || new.event_id || ':' || new.person_id, 0));
  if (tg_table_name = 'judges' and exists (select from competition.members m where m.event_id = new.event_id and m.person_id = new.person_id and m.left_at is null))
    or (tg_table_name = 'members' and exists (select from competition.judges j where j.event_id = new.event_id and j.person_id = new.person_id and j.state = 'seated'))
  then
    raise exception using errcode = 'P0001', constraint = 'judge_or_member', message = 'nobody judges where he enters';
  end if;
  return new;
end $$;
create trigger judge_or_member before insert or update of state on competition.judges for each row execute function competition.judge_or_member();
create trigger judge_or_member before insert on competition.members for each row execute function competition.judge_or_member();

create table competition.rounds (
  id        uuid primary key default uuidv7(),
  event_id  uuid not null references competition.events,
  seq       int not null check (seq > 0),
  round     text not null, -- of the type
  kind      text not null check (kind in ('theory', 'practical')),
  title     text not null,
  state     text not null default 'waiting' check (state in ('waiting', 'marking', 'closed')),
  class_id  uuid references training.classes, -- whose exam gives the marks
  opened_at timestamptz,
  closed_by text,
  closed_by_name text not null default '',
  closed_at timestamptz,
  unique (event_id, seq),
  unique (id, event_id),
  check ((state = 'closed') = (closed_at is not null))
);
grant select, insert on competition.rounds to skills_app;
grant update (state, class_id, opened_at, closed_by, closed_by_name, closed_at) on competition.rounds to skills_app;

-- Who stands in a round, behind which code, and what came of it.
create table competition.round_entries (
  round_id uuid not null,
  event_id uuid not null,
  entry_id uuid not null,
  code     text not null,
  absent   boolean not null default false,
  mark     numeric check (mark between 0 and 100),
  passed   boolean,
  advanced boolean,
  primary key (round_id, entry_id),
  unique (round_id, code),
  foreign key (round_id, event_id) references competition.rounds (id, event_id),
  foreign key (entry_id, event_id) references competition.entries (id, event_id)
);
create index on competition.round_entries (entry_id);
grant select, insert on competition.round_entries to skills_app;
grant update (absent, mark, passed, advanced) on competition.round_entries to skills_app;

create table competition.imports (
  id       uuid primary key default uuidv7(),
  round_id uuid not null references competition.rounds,
  source   text not null check (source in ('file', 'exam')),
  name     text not null,
  digest   text not null,
  count    int not null check (count > 0),
  by_user  text not null,
  by_name  text not null,
  at       timestamptz not null
);
create index on competition.imports (round_id);
grant select, insert on competition.imports to skills_app;

-- One judge's mark for one module behind one code; given once, never changed.
create table competition.sheets (
  id       uuid primary key default uuidv7(),
  round_id uuid not null,
  entry_id uuid not null,
  module   text not null,
  judge_id uuid not null references competition.judges,
  mark     numeric not null check (mark between 0 and 100),
  remark   text not null default '' check (length(remark) <= 500),
  given_at timestamptz not null,
  unique (round_id, entry_id, module, judge_id),
  foreign key (round_id, entry_id) references competition.round_entries (round_id, entry_id)
);
create index on competition.sheets (judge_id);
grant select, insert on competition.sheets to skills_app;

create table competition.changes (
  id          uuid primary key default uuidv7(),
  event_id    uuid not null references competition.events,
  entry_id    uuid not null references competition.entries,
  kind        text not null check (kind in ('mark', 'disqualify')),
  round_id    uuid,
  module      text not null default '',
  old_mark    numeric,
  new_mark    numeric check (new_mark between 0 and 100),
  reason      text not null check (length(reason) between 4 and 1000),
  state       text not null default 'proposed' check (state in ('proposed', 'approved', 'declined')),
  proposed_by text not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_by_name text not null default '',
  decided_at  timestamptz,
  constraint change_by_two check (decided_by <> proposed_by),
  check ((state = 'proposed') = (decided_at is null)),
  check ((kind = 'mark') = (round_id is not null and new_mark is not null and module <> ''))
);
create unique index one_open_change on competition.changes (entry_id, kind, module, coalesce(round_id, entry_id)) where state = 'proposed';
create index on competition.changes (event_id, state);
grant select, insert on competition.changes to skills_app;
grant update (state, decided_by, decided_by_name, decided_at) on competition.changes to skills_app;

-- The mark that stands is the one with the highest seq.
create table competition.marks (
  round_id  uuid not null,
  entry_id  uuid not null,
  module    text not null, -- 'theory' or a module of the type
  seq       int not null default 1 check (seq > 0),
  mark      numeric not null check (mark between 0 and 100),
  source    text not null check (source in ('file', 'exam', 'sheets', 'change')),
  import_id uuid references competition.imports,
  attempt_id uuid references learning.attempts,
  change_id uuid references competition.changes,
  at        timestamptz not null,
  primary key (round_id, entry_id, module, seq),
  foreign key (round_id, entry_id) references competition.round_entries (round_id, entry_id),
  check ((source in ('file', 'exam')) = (import_id is not null)),
  check ((source = 'change') = (change_id is not null)),
  check ((seq = 1) = (source <> 'change'))
);
grant select, insert on competition.marks to skills_app;

-- A second mark only by a change that two people have made, with exactly its value.
create function competition.mark_by_two() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if not exists (select from competition.changes c where c.id = new.change_id and c.kind = 'mark' and c.state = 'approved'
      and c.round_id = new.round_id and c.entry_id = new.entry_id and c.module = new.module and c.new_mark = new.mark
      and c.decided_by <> c.proposed_by)
    or not exists (select from competition.marks m where m.round_id = new.round_id and m.entry_id = new.entry_id
      and m.module = new.module and m.seq = new.seq - 1) then
    raise exception using errcode = 'P0001', constraint = 'mark_by_two', message = 'a mark changes only by two people';
  end if;
  return new;
end $$;
create trigger mark_by_two before insert on competition.marks for each row when (new.seq > 1)
  execute function competition.mark_by_two();

-- Places and prizes as they came out; a further run after a change is a further set of rows.
create table competition.standings (
  event_id  uuid not null,
  run       int not null check (run > 0),
  entry_id  uuid not null,
  group_id  text not null,
  total     numeric not null check (total between 0 and 100),
  place     int check (place > 0), -- null: took part, not ranked
  prize     text not null default '',
  tie       text not null default '', -- what decided against whoever had the same total
  breakdown jsonb not null,
  primary key (event_id, run, entry_id),
  foreign key (entry_id, event_id) references competition.entries (id, event_id)
);
grant select, insert on competition.standings to skills_app;

create table competition.protests (
  id          uuid primary key default uuidv7(),
  number      text not null unique,
  event_id    uuid not null,
  entry_id    uuid not null,
  text_sealed text not null,
  lodged_by   text not null,
  lodged_at   timestamptz not null,
  due_on      date not null,
  state       text not null default 'open' check (state in ('open', 'upheld', 'dismissed')),
  reply       text not null default '' check (length(reply) <= 2000),
  decided_by  text,
  decided_by_name text not null default '',
  decided_at  timestamptz,
  foreign key (entry_id, event_id) references competition.entries (id, event_id),
  constraint protest_by_others check (decided_by <> lodged_by),
  check ((state = 'open') = (decided_at is null))
);
create unique index one_open_protest on competition.protests (entry_id) where state = 'open';
create index on competition.protests (event_id, state);
grant select, insert on competition.protests to skills_app;
grant update (state, reply, decided_by, decided_by_name, decided_at) on competition.protests to skills_app;

create table competition.publications (
  id        uuid primary key default uuidv7(),
  number    text not null unique,
  event_id  uuid not null references competition.events,
  run       int not null,
  title     text not null check (length(title) between 4 and 120),
  opened_on date not null,
  closes_on date not null check (closes_on >= opened_on),
  workdays  int not null,
  snapshot  jsonb not null,
  digest    text not null,
  root      text not null,
  state     text not null default 'open' check (state in ('open', 'closed', 'void')),
  opened_by text not null,
  opened_by_name text not null,
  opened_at timestamptz not null,
  closed_at timestamptz
);
create unique index one_open_list on competition.publications (event_id) where state = 'open';
create index on competition.publications (state, closes_on);
grant select, insert on competition.publications to skills_app;
grant update (state, closed_at) on competition.publications to skills_app;

create table competition.publication_rows (
  id             uuid primary key default uuidv7(),
  publication_id uuid not null references competition.publications,
  entry_id       uuid not null references competition.entries,
  position       int not null,
  content        jsonb not null,
  leaf           text not null,
  unique (publication_id, position),
  unique (publication_id, entry_id)
);
grant select, insert on competition.publication_rows to skills_app;

create table competition.objections (
  id             uuid primary key default uuidv7(),
  number         text not null unique,
  row_id         uuid not null references competition.publication_rows,
  event_id       uuid not null references competition.events,
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
create index on competition.objections (event_id) where state = 'open';
grant select, insert on competition.objections to skills_app;
grant update (state, reply, decided_by, decided_by_name, decided_at) on competition.objections to skills_app;

-- What each winner has for good: the certificate.
create table competition.awards (
  id         uuid primary key default uuidv7(),
  number     text not null unique,
  event_id   uuid not null,
  entry_id   uuid not null,
  person_id  uuid not null references people.persons,
  name       text not null,
  unit       text not null,
  team       text not null default '',
  group_id   text not null,
  prize      text not null,
  place      int not null check (place > 0),
  total      numeric not null,
  awarded_on date not null,
  awarded_by text not null,
  awarded_by_name text not null,
  unique (entry_id, person_id),
  foreign key (entry_id, event_id) references competition.entries (id, event_id)
);
create index on competition.awards (person_id);
create index on competition.awards (event_id);
grant select, insert on competition.awards to skills_app;

-- Given by somebody who neither filed, accepted nor published.
create function competition.award_by_others() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare e competition.events;
begin
  select * into e from competition.events where id = new.event_id;
  if e.state <> 'cleared' or new.awarded_by in (e.filed_by, e.taken_by, e.accepted_by, e.publicised_by) then
    raise exception using errcode = 'P0001', constraint = 'award_by_others', message = 'awarded by somebody who took part before, or too early';
  end if;
  return new;
end $$;
create trigger award_by_others before insert on competition.awards for each row execute function competition.award_by_others();

create table competition.upward (
  id       uuid primary key default uuidv7(),
  event_id uuid not null references competition.events,
  entry_id uuid not null references competition.entries,
  target   text not null,
  note     text not null default '' check (length(note) <= 1000),
  by_user  text not null,
  by_name  text not null,
  at       timestamptz not null,
  unique (entry_id, target)
);
grant select, insert on competition.upward to skills_app;
