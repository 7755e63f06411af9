-- Skill standards drafted on the platform: versions, comments of the public and their answers, opinions. Owned by
-- modules/standards. HZ4-M01; N01 weights, N02 comments answered, N03 what is published stands.
create schema standards;
grant usage on schema standards to skills_app;

create table standards.standards (
  id          uuid primary key default uuidv7(),
  number      text not null unique,
  title       text not null check (length(title) between 4 and 100),
  kind        text not null check (kind in ('enterprise', 'industry', 'special')),
  edition     text not null,
  code        text not null,
  organisation_id uuid not null references people.organisations, -- who drafts
  proposed_by text not null, proposed_at timestamptz not null,
  foreign key (edition, code) references occupations.occupations (edition, code)
);

create table standards.versions (
  id          uuid primary key default uuidv7(),
  standard_id uuid not null references standards.standards,
  seq         int not null check (seq > 0),
  purpose     text not null check (length(purpose) between 10 and 2000),
  state       text not null default 'proposed' check (state in ('proposed', 'declined', 'drafting', 'commenting', 'answering',
                'reviewing', 'published', 'superseded', 'abolished')),
  body        jsonb not null,
  edit        int not null default 0, -- counts the writes, so that what is submitted is what was seen
  comments_from date,
  comments_to date check (comments_to >= comments_from),
  decided_by  text, decided_by_name text, note text not null default '',
  digest      text check (digest ~ '^[0-9a-f]{64}$'),
  published_on date,
  written_by  text not null,
  created_at  timestamptz not null,
  unique (standard_id, seq),
  check ((comments_from is null) = (comments_to is null)),
  check ((state in ('published', 'superseded', 'abolished')) = (published_on is not null) and (published_on is null) = (digest is null))
);
create unique index one_version_open on standards.versions (standard_id)
  where state in ('proposed', 'drafting', 'commenting', 'answering', 'reviewing');
create unique index one_version_published on standards.versions (standard_id) where state = 'published';

-- What the public says of a draft; sealed, since people write who they are. One answer each.
create table standards.comments (
  id          uuid primary key default uuidv7(),
  version_id  uuid not null references standards.versions,
  receipt_index text not null unique,
  part        text not null check (length(part) between 1 and 80),
  text_sealed text not null,
  at          timestamptz not null,
  outcome     text check (outcome in ('adopted', 'partly', 'declined')),
  reason      text check (length(reason) between 4 and 1000),
  answered_by text, answered_by_name text, answered_at timestamptz,
  check ((outcome is null) = (answered_by is null) and (outcome is null) = (reason is null) and (outcome is null) = (answered_at is null))
);
create index on standards.comments (version_id, id);

create table standards.opinions (
  id         uuid primary key default uuidv7(),
  version_id uuid not null references standards.versions,
  expert     text not null check (length(expert) between 2 and 60),
  unit       text not null check (length(unit) between 2 and 120),
  verdict    text not null check (verdict in ('pass', 'amend', 'fail')),
  words      text not null check (length(words) between 4 and 1000),
  recorded_by text not null, recorded_at timestamptz not null,
  unique (version_id, expert)
);

-- N02, N03: the text moves only while it is drafted or answered for, nothing is reviewed with a comment open, and what
-- is published stays as it is.
create function standards.version_stands() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if old.state in ('declined', 'superseded', 'abolished') then
    raise exception using errcode = 'P0001', constraint = 'version_stands', message = 'this version is closed';
  end if;
  if old.body <> new.body and old.state not in ('drafting', 'answering') then
    raise exception using errcode = 'P0001', constraint = 'version_stands', message = 'the text of this version stands';
  end if;
  if new.state = 'reviewing' and old.state <> 'reviewing' and exists (select from standards.comments c
    where c.version_id = new.id and c.outcome is null) then
    raise exception using errcode = 'P0001', constraint = 'comments_open', message = 'a comment has no answer';
  end if;
  if new.state = 'published' and old.state <> 'published' and new.decided_by = new.written_by then
    raise exception using errcode = 'P0001', constraint = 'decided_by_another', message = 'who wrote it does not decide';
  end if;
  return new;
end $$;
create trigger version_stands before update on standards.versions for each row execute function standards.version_stands();

create function standards.comment_in_time() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare found_state text;
begin
  if tg_op = 'UPDATE' then
    if old.outcome is not null then
      raise exception using errcode = 'P0001', constraint = 'answered_once', message = 'the comment is answered';
    end if;
    return new;
  end if;
  select v.state into found_state from standards.versions v where v.id = new.version_id for key share;
  if found_state <> 'commenting' then
    raise exception using errcode = 'P0001', constraint = 'comment_in_time', message = 'comments are not open';
  end if;
  return new;
end $$;
create trigger comment_in_time before insert or update on standards.comments
  for each row execute function standards.comment_in_time();

create table standards.counters (key text primary key, last int not null check (last > 0));

grant select, insert on all tables in schema standards to skills_app;
grant update (last) on standards.counters to skills_app;
grant update (state, body, edit, comments_from, comments_to, decided_by, decided_by_name, note, digest, published_on, written_by)
  on standards.versions to skills_app;
grant update (outcome, reason, answered_by, answered_by_name, answered_at) on standards.comments to skills_app;
