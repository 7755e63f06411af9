-- The resource library: courses, their versions and files, the way into the library and out of it. Owned by modules/library.
create schema library;
grant usage on schema library to skills_app;

-- Running numbers of courses and complaints: the row is locked to commit, so two submissions never get one number.
create table library.counters (
  key  text primary key,
  last int not null check (last > 0)
);
grant select, insert, update on library.counters to skills_app;

create table library.courses (
  id               uuid primary key default uuidv7(),
  number           text unique, -- given when first submitted
  organisation_id  uuid not null references people.organisations,
  title            text not null check (length(title) between 2 and 120),
  summary          text not null default '' check (length(summary) <= 4000),
  occupation_edition text,
  occupation_code  text,
  level            text,
  groups           text[] not null default '{}',
  subdistrict      text,
  state            text not null default 'draft' check (state in
    ('draft', 'submitted', 'returned', 'under-review', 'trial', 'admitted', 'suspended', 'withdrawn', 'rejected')),
  current_version_id uuid, -- the newest published one
  -- what lists and facets read of the current version
  planned_class_hours int not null default 0 check (planned_class_hours between 0 and 2000),
  captioned        boolean not null default false,
  subsidised       boolean not null default false,
  rating_count     int not null default 0 check (rating_count >= 0),
  rating_sum       int not null default 0 check (rating_sum between rating_count and rating_count * 5),
  created_by       text not null,
  created_at       timestamptz not null,
  submitted_by     text,
  submitted_at     timestamptz,
  trial_from_on    date,
  admitted_at      timestamptz,
  recheck_on       date,
  suspended_for    text not null default '',
  search           tsvector not null default ''::tsvector,
  version          int not null default 1,
  foreign key (occupation_edition, occupation_code) references occupations.occupations,
  check (state not in ('trial', 'admitted', 'suspended') or current_version_id is not null),
  check ((state = 'suspended') = (suspended_for <> '')),
  check (state in ('draft', 'withdrawn') or number is not null)
);
create index on library.courses (organisation_id, state);
create index on library.courses (state, submitted_at);
create index on library.courses using gin (search);
-- The public catalogue.
create index courses_listed on library.courses (admitted_at desc nulls last, id) where state in ('trial', 'admitted');
create index courses_recheck on library.courses (recheck_on) where state = 'admitted';
grant select, insert on library.courses to skills_app;
grant update on library.courses to skills_app;

create table library.versions (
  id              uuid primary key default uuidv7(),
  course_id       uuid not null references library.courses,
  number          int not null check (number > 0),
  planned_class_hours int not null default 0 check (planned_class_hours between 0 and 2000),
  change_note     text not null default '' check (length(change_note) <= 1000),
  state           text not null default 'draft' check (state in ('draft', 'submitted', 'published')),
  published_at    timestamptz,
  created_by      text not null,
  created_at      timestamptz not null,
  unique (course_id, number),
  unique (id, course_id),
  check ((state = 'published') = (published_at is not null))
);
-- One version at a time is worked on.
create unique index one_open_version on library.versions (course_id) where published_at is null;
grant select, insert, update, delete on library.versions to skills_app;
alter table library.courses add foreign key (current_version_id, id) references library.versions (id, course_id);

-- The commitment that the material may be used, signed for each version; append-only.
create table library.declarations (
  id          uuid primary key default uuidv7(),
  version_id  uuid not null references library.versions,
  basis       text not null check (basis in ('own', 'licensed', 'public-domain', 'mixed')),
  rights_note text not null default '' check (length(rights_note) <= 1000),
  statement   text not null, -- the words that were signed
  content_sha256 text not null, -- of the version's content as it was signed
  signed_by   text not null,
  signed_name text not null,
  signed_at   timestamptz not null
);
create index on library.declarations (version_id, signed_at);
grant select, insert on library.declarations to skills_app;

create table library.media (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  name            text not null check (length(name) between 1 and 200),
  size_bytes      bigint not null check (size_bytes > 0),
  sha256          text,
  media_type      text, -- told by the first bytes, never by the name
  duration_seconds numeric check (duration_seconds >= 0),
  storage_key     text unique,
  state           text not null default 'uploading' check (state in ('uploading', 'checking', 'ready', 'refused')),
  fault           text not null default '',
  malware_check   text not null default 'not-configured' check (malware_check in ('not-configured', 'clean', 'infected', 'failed')),
  malware_engine  text not null default '',
  created_by      text not null,
  created_at      timestamptz not null,
  checked_at      timestamptz,
  -- who writes to it now; two tabs never write one file at a time
  lease_token     uuid,
  leased_until    timestamptz,
  check (state <> 'ready' or (sha256 is not null and media_type is not null and storage_key is not null)),
  check (state <> 'ready' or malware_check in ('not-configured', 'clean')),
  check ((state = 'refused') = (fault <> ''))
);
create index on library.media (organisation_id, created_at desc);
create index on library.media (state, created_at) where state in ('uploading', 'checking');
create index on library.media (sha256);
grant select, insert, update on library.media to skills_app;

create table library.captions (
  id          uuid primary key default uuidv7(),
  media_id    uuid not null references library.media,
  language    text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  label       text not null check (length(label) between 1 and 40),
  storage_key text not null,
  source      text not null check (source in ('human', 'machine', 'machine-corrected')),
  cues        int not null check (cues > 0),
  transcript  text not null, -- the words of the cues, for reading and search
  added_by    text not null,
  added_at    timestamptz not null,
  unique (media_id, language)
);
grant select, insert, update, delete on library.captions to skills_app;

create table library.items (
  id             uuid primary key default uuidv7(),
  version_id     uuid not null references library.versions,
  chapter        int not null check (chapter between 1 and 200),
  chapter_title  text not null check (length(chapter_title) between 1 and 120),
  position       int not null check (position between 1 and 500),
  kind           text not null check (kind in ('video', 'audio', 'document', 'text', 'exam', 'assignment', 'case', 'package')),
  title          text not null check (length(title) between 1 and 120),
  planned_seconds int not null default 0 check (planned_seconds between 0 and 86400),
  media_id       uuid references library.media,
  package_id     uuid,
  body           jsonb not null default '{}',
  required       boolean not null default true,
  unique (version_id, chapter, position) deferrable initially deferred,
  check ((kind in ('video', 'audio', 'document')) = (media_id is not null)),
  check ((kind = 'package') = (package_id is not null))
);
create index on library.items (media_id) where media_id is not null;
grant select, insert, update, delete on library.items to skills_app;

create table library.questions (
  id          uuid primary key default uuidv7(),
  course_id   uuid not null references library.courses,
  pool        text not null check (length(pool) between 1 and 60),
  kind        text not null check (kind in ('single', 'multiple', 'true-false', 'text', 'number')),
  prompt      text not null check (length(prompt) between 1 and 2000),
  options     jsonb not null default '[]',
  answer      jsonb not null,
  points      numeric not null check (points > 0 and points <= 100),
  explanation text not null default '' check (length(explanation) <= 2000),
  created_by  text not null,
  created_at  timestamptz not null,
  retired_at  timestamptz, -- drawn for no new exam; answers given to it stand
  import_key  text -- what an import calls it, so that a second import does not double it
);
create index on library.questions (course_id, pool) where retired_at is null;
create unique index question_imported_once on library.questions (course_id, import_key) where import_key is not null and retired_at is null;
grant select, insert, update on library.questions to skills_app;

-- A published version and its items never change; what people learnt by is what they can be shown.
create function library.published_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'P0001', constraint = 'published_stands', message = 'a published version never changes';
end $$;
create trigger published_stands before update or delete on library.versions
  for each row when (old.published_at is not null) execute function library.published_stands();

create function library.items_stand() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare owner uuid;
begin
  -- a share lock: whoever publishes waits for whoever still writes, and the other way round
  for owner in select unnest(array_remove(array[
      case when tg_op <> 'INSERT' then old.version_id end, case when tg_op <> 'DELETE' then new.version_id end], null)) loop
    perform 1 from library.versions where id = owner and published_at is null for share;
    if not found then
      raise exception using errcode = 'P0001', constraint = 'published_stands', message = 'a published version never changes';
    end if;
  end loop;
  return coalesce(new, old);
end $$;
create trigger items_stand before insert or update or delete on library.items
  for each row execute function library.items_stand();

create function library.question_stands() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if (new.course_id, new.pool, new.kind, new.prompt, new.options, new.answer, new.points, new.explanation, new.created_at)
    is distinct from (old.course_id, old.pool, old.kind, old.prompt, old.options, old.answer, old.points, old.explanation, old.created_at)
    and exists (select from library.versions v where v.course_id = old.course_id and v.published_at >= old.created_at) then
    raise exception using errcode = 'P0001', constraint = 'question_stands',
      message = 'a question of a published version is retired and replaced, never changed';
  end if;
  return new;
end $$;
create trigger question_stands before update on library.questions
  for each row execute function library.question_stands();

-- Only what is published is current.
create function library.current_is_published() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if new.current_version_id is not null
    and not exists (select from library.versions where id = new.current_version_id and published_at is not null) then
    raise exception using errcode = 'P0001', constraint = 'current_is_published', message = 'the current version is a published one';
  end if;
  return null;
end $$;
create constraint trigger current_is_published after insert or update of current_version_id on library.courses
  deferrable initially deferred for each row execute function library.current_is_published();

-- One round of looking at a version: for the first admission, for a new version, or when a re-check is due.
create table library.rounds (
  id           uuid primary key default uuidv7(),
  course_id    uuid not null references library.courses,
  version_id   uuid not null,
  kind         text not null check (kind in ('admission', 'new-version', 'recheck')),
  standard     text not null, -- edition of the admission standard that it is judged by
  state        text not null default 'waiting' check (state in ('waiting', 'under-review', 'decided', 'called-back')),
  opened_by    text not null,
  opened_at    timestamptz not null,
  outcome      text check (outcome in ('pass', 'return', 'reject')),
  score        numeric,
  reason       text not null default '',
  decided_at   timestamptz,
  foreign key (version_id, course_id) references library.versions (id, course_id),
  check ((state = 'decided') = (outcome is not null) and (state = 'decided') = (decided_at is not null))
);
create unique index one_open_round on library.rounds (course_id) where state in ('waiting', 'under-review');
create index on library.rounds (state, opened_at);
create index on library.rounds (course_id, opened_at);
grant select, insert, update on library.rounds to skills_app;

-- Two reviewers a round, two people, two organisations, neither the course's own.
create table library.reviews (
  id           uuid primary key default uuidv7(),
  round_id     uuid not null references library.rounds,
  seat         int not null check (seat in (1, 2)),
  reviewer     text not null,
  reviewer_name text not null,
  affiliation  text not null, -- body:<id> or organisation:<uuid>
  taken_at     timestamptz not null,
  scores       jsonb, -- criterion → 0..5
  vetoes       text[] not null default '{}',
  remarks      jsonb not null default '{}',
  opinion      text not null default '' check (length(opinion) <= 4000),
  total        numeric check (total between 0 and 100),
  given_at     timestamptz,
  unique (round_id, seat),
  unique (round_id, reviewer),
  unique (round_id, affiliation),
  check ((given_at is null) = (scores is null) and (given_at is null) = (total is null))
);
create index on library.reviews (reviewer, given_at);
grant select, insert, update, delete on library.reviews to skills_app;
create function library.review_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'P0001', constraint = 'review_stands', message = 'a review that was given stands';
end $$;
create trigger review_stands before update or delete on library.reviews
  for each row when (old.given_at is not null) execute function library.review_stands();
create function library.reviewer_is_independent() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if exists (select from library.rounds r join library.courses c on c.id = r.course_id
    where r.id = new.round_id and new.affiliation = 'organisation:' || c.organisation_id) then
    raise exception using errcode = 'P0001', constraint = 'reviewer_is_independent', message = 'nobody reviews the course of his own organisation';
  end if;
  return new;
end $$;
create trigger reviewer_is_independent before insert or update of affiliation, round_id on library.reviews
  for each row execute function library.reviewer_is_independent();
-- A round passes only on two reviews that were given.
create function library.decided_by_two() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if (select count(*) from library.reviews where round_id = new.id and given_at is not null) <> 2 then
    raise exception using errcode = 'P0001', constraint = 'decided_by_two', message = 'a round is decided on two reviews';
  end if;
  return new;
end $$;
create trigger decided_by_two before update on library.rounds
  for each row when (new.state = 'decided' and old.state <> 'decided') execute function library.decided_by_two();

-- How many class hours of a course a programme accepts, from a day on; proposed by one, approved by another.
create table library.conversions (
  id           uuid primary key default uuidv7(),
  course_id    uuid not null references library.courses,
  programme    text not null,
  class_hours  int not null check (class_hours between 1 and 2000),
  from_on      date not null,
  to_on        date check (to_on >= from_on),
  source       text not null check (length(source) between 2 and 500),
  state        text not null default 'proposed' check (state in ('proposed', 'in-force', 'rejected')),
  proposed_by  text not null,
  proposed_name text not null,
  proposed_at  timestamptz not null,
  decided_by   text,
  decided_name text,
  decided_at   timestamptz,
  check ((state = 'proposed') = (decided_by is null) and (state = 'proposed') = (decided_at is null)),
  check (decided_by is distinct from proposed_by or decided_by is null),
  constraint conversion_once exclude using gist (course_id with =, programme with =, daterange(from_on, to_on, '[]') with &&)
    where (state = 'in-force')
);
create index on library.conversions (course_id);
grant select, insert on library.conversions to skills_app;
grant update (state, to_on, decided_by, decided_name, decided_at) on library.conversions to skills_app;

-- How much of a course a person has learnt; fed by whoever counts hours, through library.noteProgress.
create table library.progress (
  course_id  uuid not null references library.courses,
  person_id  uuid not null references people.persons,
  percent    numeric not null check (percent between 0 and 100),
  updated_at timestamptz not null,
  primary key (course_id, person_id)
);
grant select, insert, update on library.progress to skills_app;

create table library.ratings (
  course_id  uuid not null references library.courses,
  person_id  uuid not null references people.persons,
  stars      int not null check (stars between 1 and 5),
  remark     text not null default '' check (length(remark) <= 500),
  rated_at   timestamptz not null,
  hidden_at  timestamptz, -- an office hides insults; the stars still count
  primary key (course_id, person_id)
);
create index on library.ratings (course_id, rated_at desc);
grant select, insert, update on library.ratings to skills_app;
create function library.ratings_summed() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if tg_op = 'INSERT' then
    update library.courses set rating_count = rating_count + 1, rating_sum = rating_sum + new.stars where id = new.course_id;
  elsif new.stars <> old.stars then
    update library.courses set rating_sum = rating_sum + new.stars - old.stars where id = new.course_id;
  end if;
  return null;
end $$;
create trigger ratings_summed after insert or update of stars on library.ratings
  for each row execute function library.ratings_summed();

create table library.complaints (
  id             uuid primary key default uuidv7(),
  number         text not null unique,
  course_id      uuid not null references library.courses,
  kind           text not null check (kind in ('wrong-content', 'copyright', 'advertising', 'unlawful', 'hours', 'access', 'other')),
  text_sealed    text not null,
  contact_sealed text,
  receipt_index  text not null unique, -- blind index of the code on the complainant's receipt
  made_at        timestamptz not null,
  state          text not null default 'open' check (state in ('open', 'answered')),
  finding        text check (finding in ('confirmed', 'unfounded', 'cannot-tell', 'passed-on')),
  reply          text check (length(btrim(reply)) between 10 and 2000),
  answered_by    text,
  answered_by_name text,
  answered_at    timestamptz,
  check ((state = 'open') = (reply is null) and (state = 'open') = (finding is null)),
  check ((state = 'open') = (answered_by is null) and (state = 'open') = (answered_at is null))
);
create index on library.complaints (course_id, state);
create index on library.complaints (state, made_at, id);
grant select, insert on library.complaints to skills_app;
grant update (state, finding, reply, answered_by, answered_by_name, answered_at) on library.complaints to skills_app;
create function library.answer_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'P0001', constraint = 'answer_stands', message = 'this complaint has been answered';
end $$;
create trigger answer_stands before update on library.complaints
  for each row when (old.state = 'answered') execute function library.answer_stands();
