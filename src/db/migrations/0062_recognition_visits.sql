-- A visit filled in where there is no network: it has a key of its own, so that sending it twice is sending it once, and
-- the moment it was filled in beside the moment it arrived. Photos and signatures are sealed files.
alter table recognition.visits
  add column client_key uuid unique,
  add column filled_at timestamptz,
  add column companion text not null default '' check (length(companion) <= 60);

create table recognition.visit_files (
  id       uuid primary key default uuidv7(),
  visit_id uuid not null references recognition.visits,
  kind     text not null check (kind in ('photo', 'signature', 'companion-signature')),
  file_id  uuid not null references platform.files,
  name     text not null,
  added_by text not null,
  added_at timestamptz not null
);
create index on recognition.visit_files (visit_id);
create unique index one_signature on recognition.visit_files (visit_id, kind) where kind <> 'photo';
grant select, insert on recognition.visit_files to skills_app;
