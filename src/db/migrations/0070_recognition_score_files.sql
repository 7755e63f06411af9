-- An expert's marks from a file: checked first, taken by the same expert. A02, HZ4-M02.
create table recognition.sheet_files (
  id         uuid primary key default uuidv7(),
  panel_id   uuid not null,
  expert_id  uuid not null,
  name       text not null check (length(name) between 1 and 120),
  digest     text not null check (digest ~ '^[0-9a-f]{64}$'),
  rows       jsonb not null, -- application, marks by dimension, total, opinion, as they were read
  count      int not null check (count > 0),
  checked_at timestamptz not null,
  taken_at   timestamptz,
  unique (id, panel_id, expert_id),
  foreign key (panel_id, expert_id) references recognition.panel_seats (panel_id, expert_id)
);
create index on recognition.sheet_files (panel_id, expert_id, checked_at);
grant select, insert on recognition.sheet_files to skills_app;
grant update (taken_at) on recognition.sheet_files to skills_app;

-- A sheet out of a file is its own expert's, of the same panel.
alter table recognition.sheets
  add column file_id uuid,
  add foreign key (file_id, panel_id, expert_id) references recognition.sheet_files (id, panel_id, expert_id);
