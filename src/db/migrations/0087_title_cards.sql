-- What the holder of a card agrees to show whoever scans it; the newest choice counts, the earlier ones stay (R26).
create table recognition.card_choices (
  id             bigint generated always as identity primary key,
  designation_id uuid not null references recognition.designations,
  items          text[] not null check (cardinality(items) <= 30),
  by_user        text not null,
  by_name        text not null,
  at             timestamptz not null
);
create index on recognition.card_choices (designation_id, id desc);
grant select, insert on recognition.card_choices to skills_app;
