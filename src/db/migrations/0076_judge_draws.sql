-- Judges drawn from the pool by a seed that follows from the seed of the competition: told at once, proved when the seed
-- is opened. Owned by modules/competition. R32, A02.
create table competition.judge_draws (
  id         uuid primary key default uuidv7(),
  event_id   uuid not null references competition.events,
  number     int not null check (number > 0),
  seed       text not null check (seed ~ '^[0-9a-f]{64}$'),
  wanted     int not null check (wanted between 1 and 20),
  pool       jsonb not null, -- the whole pool in the order of the draw: id, key, why passed over
  drawn_by   text not null, drawn_by_name text not null, drawn_at timestamptz not null,
  unique (event_id, number),
  unique (id, event_id)
);
alter table competition.judges add column draw_id uuid;
alter table competition.judges add foreign key (draw_id, event_id) references competition.judge_draws (id, event_id);
grant select, insert on competition.judge_draws to skills_app;
