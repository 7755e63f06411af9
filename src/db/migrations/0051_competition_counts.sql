-- Competitions as countable events: events held, entrants, prizes, recommendations. Owned by modules/reports. R35, HZ4-M09.
create table reports.competition_events (
  id          bigint generated always as identity primary key,
  what        text not null check (what in ('event', 'entrant', 'prize', 'upward')),
  key         text not null, -- the record it leads to
  event_id    uuid not null references competition.events,
  delta       int not null check (delta in (-1, 1)),
  counted_on  date not null,
  reason      text not null default '',
  recorded_at timestamptz not null,
  recorded_by text not null,
  unique (what, key, delta)
);
create index on reports.competition_events (what, counted_on);
grant select, insert on reports.competition_events to skills_app;

create function reports.competition_event_stands() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if new.delta = -1 and not exists (select from reports.competition_events e where e.what = new.what and e.key = new.key
    and e.event_id = new.event_id and e.delta = 1 and e.counted_on <= new.counted_on) then
    raise exception using errcode = 'P0001', constraint = 'reversal_mirrors', message = 'nothing was counted that could end';
  end if;
  return new;
end $$;
create trigger competition_event_stands before insert on reports.competition_events
  for each row execute function reports.competition_event_stands();
