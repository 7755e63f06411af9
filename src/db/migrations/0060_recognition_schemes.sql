-- Wordings of a title written on the platform: by one person, released by another who wrote none of it. The plan's folder
-- stays the source that ships: a released wording holds for new calls only while the folder still has the text it was
-- written from.
create table recognition.scheme_drafts (
  id            uuid primary key default uuidv7(),
  scheme        text not null check (length(scheme) between 1 and 60),
  folder_digest text not null,
  body          text not null check (length(body) <= 200000),
  note          text not null default '' check (length(note) <= 1000),
  state         text not null default 'draft' check (state in ('draft', 'released', 'dropped')),
  version       int not null default 1,
  writers       text[] not null check (cardinality(writers) > 0),
  written_by_name text not null,
  written_at    timestamptz not null,
  decided_by    text,
  decided_by_name text not null default '',
  decided_at    timestamptz,
  check ((state = 'draft') = (decided_at is null)),
  constraint released_by_another check (state <> 'released' or not (decided_by = any (writers)))
);
create unique index one_open_scheme_draft on recognition.scheme_drafts (scheme) where state = 'draft';
create index on recognition.scheme_drafts (scheme, decided_at);
grant select, insert on recognition.scheme_drafts to skills_app;
grant update (body, note, state, version, writers, written_by_name, written_at, decided_by, decided_by_name, decided_at)
  on recognition.scheme_drafts to skills_app;

-- What was released stays as it was.
create function recognition.scheme_draft_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.state <> 'draft' then
    raise exception using errcode = 'P0001', constraint = 'scheme_draft_stands', message = 'a decided wording stays as it is';
  end if;
  return new;
end $$;
create trigger scheme_draft_stands before update on recognition.scheme_drafts
  for each row execute function recognition.scheme_draft_stands();
