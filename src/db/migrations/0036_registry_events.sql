-- Holders of titles as countable events: one when a term begins, its mirror when it ends. Owned by modules/reports. R35.
create table reports.registry_events (
  id             bigint generated always as identity primary key,
  indicator      text not null,
  holder         text not null, -- what counts once: person:<id>, organisation:<id>, item:<organisation>:<name>
  designation_id uuid not null references recognition.designations,
  delta          int not null check (delta in (-1, 1)),
  counted_on     date not null,
  reason         text not null default '',
  recorded_at    timestamptz not null,
  recorded_by    text not null,
  unique (indicator, designation_id, delta)
);
create index on reports.registry_events (indicator, counted_on);
grant select, insert on reports.registry_events to skills_app;

create function reports.registry_event_stands() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if new.delta = -1 and not exists (select from reports.registry_events e where e.indicator = new.indicator
    and e.designation_id = new.designation_id and e.delta = 1 and e.holder = new.holder and e.counted_on <= new.counted_on) then
    raise exception using errcode = 'P0001', constraint = 'reversal_mirrors', message = 'nothing was counted that could end';
  end if;
  return new;
end $$;
create trigger registry_event_stands before insert on reports.registry_events
  for each row execute function reports.registry_event_stands();
