-- Another first password for somebody is another key to all their powers: asked for by one security administrator, given
-- out by another, neither of them the one it is for. Owned by modules/access.
create table auth.reset_requests (
  id             uuid primary key default uuidv7(),
  user_id        uuid not null references auth.users,
  reason         text not null check (length(reason) between 2 and 500),
  asked_by       text not null,
  asked_by_name  text not null,
  asked_at       timestamptz not null,
  state          text not null default 'asked' check (state in ('asked', 'done', 'declined')),
  decided_by     text,
  decided_by_name text,
  decided_at     timestamptz,
  check ((state = 'asked') = (decided_by is null)),
  check ((decided_by is null) = (decided_at is null)),
  constraint reset_not_for_oneself check (asked_by <> user_id::text and decided_by is distinct from user_id::text),
  constraint reset_by_two check (state <> 'done' or decided_by <> asked_by)
);
create unique index on auth.reset_requests (user_id) where state = 'asked';
grant select, insert on auth.reset_requests to skills_app;
grant update (state, decided_by, decided_by_name, decided_at) on auth.reset_requests to skills_app;

create function auth.reset_decided_once() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'P0001', constraint = 'reset_decided_once', message = 'this reset has been decided';
end $$;
create trigger reset_decided_once before update on auth.reset_requests
  for each row when (old.state <> 'asked') execute function auth.reset_decided_once();
