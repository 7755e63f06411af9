-- Countable events and what is counted from them, imported statistics, frozen reports. Owned by modules/reports.
-- Rule R35: one person-time a person and class; a mistake is answered by a dated reversal, old numbers stay as they were.
create schema reports;
grant usage on schema reports to skills_app;

-- Only ever added to. Rows are written under one lock, so ids grow in the order of the commits: "known up to id n" is exact.
create table reports.count_events (
  id             bigint generated always as identity primary key,
  person_id      uuid not null references people.persons,
  programme      text not null,
  class_id       uuid not null references training.classes,
  enrolment_id   uuid not null references training.enrolments,
  certificate_id uuid references assessment.certificates,
  basis          text not null check (basis in ('enrolled', 'completedAndPassed', 'subsidyPaid')),
  round          int not null default 1 check (round >= 1), -- counted again after a reversal
  counted_on     date not null,
  venue_subdistrict     text not null,
  employer_subdistrict  text,
  residence_subdistrict text,
  industry       text not null,
  occupation_edition text,
  occupation_code    text,
  organisation_id uuid not null references people.organisations,
  group_tags     text[] not null default '{}', -- verified memberships on that day, nothing else
  tags           text[] not null default '{}',
  indicators     text[] not null default '{}', -- which indicators count it, by the plan's filter on the day of recording
  person_indicators text[] not null default '{}' check (person_indicators <@ indicators), -- those that count persons
  amount_fen     bigint not null default 0,
  claim_id       uuid references subsidy.claims,
  claim_line_id  uuid references subsidy.claim_lines,
  negates        bigint unique references reports.count_events,
  reason         text not null default '',
  recorded_at    timestamptz not null,
  recorded_by    text not null,
  check ((basis = 'subsidyPaid') = (claim_id is not null and claim_line_id is not null)),
  check (basis = 'subsidyPaid' or amount_fen = 0),
  check (negates is null or length(reason) >= 2),
  check (case when negates is null then amount_fen >= 0 else amount_fen <= 0 end)
);
create unique index on reports.count_events (person_id, class_id, basis, round) where negates is null;
create unique index on reports.count_events (person_id, certificate_id, basis, round)
  where negates is null and certificate_id is not null;
create index on reports.count_events (class_id, basis);
create index on reports.count_events (claim_line_id) where claim_line_id is not null;
create index on reports.count_events (recorded_at);
create index on reports.count_events (counted_on, id);
create index on reports.count_events using gin (indicators);
create index on reports.count_events (person_id, counted_on) where person_indicators <> '{}';
grant select, insert on reports.count_events to skills_app;

-- A second round needs the first to be reversed; a reversal mirrors its event, once (the unique key), not earlier than it.
create function reports.event_stands() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare first reports.count_events;
begin
  if new.negates is null then
    if new.round > 1 and not exists (
      select from reports.count_events e join reports.count_events r on r.negates = e.id
      where e.person_id = new.person_id and e.class_id = new.class_id and e.basis = new.basis and e.round = new.round - 1) then
      raise exception using errcode = 'P0001', constraint = 'counted_once',
        message = format('round %s of a count needs round %s to be reversed', new.round, new.round - 1);
    end if;
    return new;
  end if;
  select * into first from reports.count_events where id = new.negates;
  if first.negates is not null or new.counted_on < first.counted_on or new.amount_fen <> -first.amount_fen
    or (new.person_id, new.class_id, new.enrolment_id, new.basis, new.round, new.programme, new.venue_subdistrict,
        new.industry, new.organisation_id, new.group_tags, new.tags, new.indicators, new.person_indicators)
      is distinct from (first.person_id, first.class_id, first.enrolment_id, first.basis, first.round, first.programme,
        first.venue_subdistrict, first.industry, first.organisation_id, first.group_tags, first.tags, first.indicators,
        first.person_indicators)
    or (new.employer_subdistrict, new.residence_subdistrict, new.occupation_edition, new.occupation_code, new.claim_line_id,
        new.certificate_id)
      is distinct from (first.employer_subdistrict, first.residence_subdistrict, first.occupation_edition,
        first.occupation_code, first.claim_line_id, first.certificate_id) then
    raise exception using errcode = 'P0001', constraint = 'reversal_mirrors',
      message = format('event %s does not mirror event %s', new.id, new.negates);
  end if;
  return new;
end $$;
create trigger event_stands before insert on reports.count_events for each row execute function reports.event_stands();

-- Sums by day, kept by the triggers below in the same transaction and by nothing else. The board reads these: their size
-- follows the number of days, not of events. dimension '' is the whole; the others are of-which rows, never to be added up.
create table reports.tallies (
  indicator  text not null,
  basis      text not null,
  counting   text not null check (counting in ('event', 'person')),
  dimension  text not null check (dimension in ('', 'programme', 'group', 'venue', 'employer', 'residence', 'industry')),
  key        text not null,
  on_day     date not null,
  n          int not null,
  amount_fen bigint not null,
  primary key (dimension, indicator, basis, counting, on_day, key)
);
grant select on reports.tallies to skills_app;

-- When a person began or ceased to count for an indicator that counts persons.
create table reports.person_steps (
  indicator text not null,
  basis     text not null,
  person_id uuid not null,
  on_day    date not null,
  delta     int not null check (delta in (-1, 1)),
  primary key (indicator, basis, person_id, on_day)
);
grant select on reports.person_steps to skills_app;

-- One row an event, indicator and dimension: the definition of every tally.
create view reports.tally_rows as
  select e.id, e.recorded_at, i.indicator, e.basis, d.dimension, d.key, e.counted_on as on_day,
    case when e.negates is null then 1 else -1 end as n, e.amount_fen
  from reports.count_events e
  cross join lateral unnest(e.indicators) as i (indicator)
  cross join lateral (
    select '' as dimension, '' as key
    union all select 'programme', e.programme
    union all select 'venue', e.venue_subdistrict
    union all select 'employer', coalesce(e.employer_subdistrict, '')
    union all select 'residence', coalesce(e.residence_subdistrict, '')
    union all select 'industry', e.industry
    union all select 'group', g.tag from unnest(e.group_tags) as g (tag)
  ) d;
grant select on reports.tally_rows to skills_app;

-- The same for persons: on each day, does the person have more events than reversals.
create view reports.person_step_rows as
  select indicator, basis, person_id, on_day, delta from (
    select indicator, basis, person_id, on_day,
      live::int - coalesce(lag(live) over (partition by indicator, basis, person_id order by on_day), false)::int as delta
    from (
      select indicator, basis, person_id, on_day, sum(n) over (partition by indicator, basis, person_id order by on_day) > 0 as live
      from (
        select i.indicator, e.basis, e.person_id, e.counted_on as on_day, sum(case when e.negates is null then 1 else -1 end) as n
        from reports.count_events e cross join lateral unnest(e.person_indicators) as i (indicator)
        where e.person_indicators <> '{}' group by 1, 2, 3, 4
      ) daily
    ) running
  ) steps where delta <> 0;
grant select on reports.person_step_rows to skills_app;

create function reports.tally() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare touched uuid[];
begin
  insert into reports.tallies as t (indicator, basis, counting, dimension, key, on_day, n, amount_fen)
    select r.indicator, r.basis, 'event', r.dimension, r.key, r.on_day, sum(r.n), sum(r.amount_fen)
    from reports.tally_rows r where r.id in (select a.id from added a) group by 1, 2, 4, 5, 6 order by 4, 1, 2, 6, 5
  on conflict (dimension, indicator, basis, counting, on_day, key)
    do update set n = t.n + excluded.n, amount_fen = t.amount_fen + excluded.amount_fen;

  select array_agg(distinct a.person_id) into touched from added a where a.person_indicators <> '{}';
  if touched is null then return null; end if;
  insert into reports.tallies as t (indicator, basis, counting, dimension, key, on_day, n, amount_fen)
    select indicator, basis, 'person', '', '', on_day, sum(delta), 0 from (
      select indicator, basis, on_day, -delta as delta from reports.person_steps where person_id = any (touched)
      union all
      select indicator, basis, on_day, delta from reports.person_step_rows where person_id = any (touched)
    ) change group by 1, 2, 6 order by 1, 2, 6
  on conflict (dimension, indicator, basis, counting, on_day, key) do update set n = t.n + excluded.n;
  delete from reports.person_steps where person_id = any (touched);
  insert into reports.person_steps (indicator, basis, person_id, on_day, delta)
    select indicator, basis, person_id, on_day, delta from reports.person_step_rows where person_id = any (touched);
  return null;
end $$;
create trigger tally after insert on reports.count_events referencing new table as added
  for each statement execute function reports.tally();

-- The invariant: tallies are the events, to the last one. Empty when all is well.
create view reports.tally_faults as
  select coalesce(t.indicator, r.indicator) as indicator, coalesce(t.basis, r.basis) as basis,
    coalesce(t.counting, r.counting) as counting, coalesce(t.dimension, r.dimension) as dimension,
    coalesce(t.key, r.key) as key, coalesce(t.on_day, r.on_day) as on_day,
    coalesce(t.n, 0) as tallied, coalesce(r.n, 0) as counted,
    coalesce(t.amount_fen, 0) as tallied_fen, coalesce(r.amount_fen, 0) as counted_fen
  from reports.tallies t
  full join (
    select indicator, basis, 'event' as counting, dimension, key, on_day, sum(n)::int as n, sum(amount_fen)::bigint as amount_fen
    from reports.tally_rows group by 1, 2, 4, 5, 6
    union all
    select indicator, basis, 'person', '', '', on_day, sum(delta)::int, 0 from reports.person_step_rows group by 1, 2, 6
  ) r using (indicator, basis, counting, dimension, key, on_day)
  where coalesce(t.n, 0) <> coalesce(r.n, 0) or coalesce(t.amount_fen, 0) <> coalesce(r.amount_fen, 0);
grant select on reports.tally_faults to skills_app;

-- Numbers that other offices know: shares with both terms, register counts. Only added to; a wrong one is withdrawn by a row.
create table reports.statistics (
  id          bigint generated always as identity primary key,
  indicator   text not null,
  numerator   bigint not null check (numerator >= 0),
  denominator bigint check (denominator > 0), -- null: a plain count
  as_of       date not null,
  method      text not null check (length(method) between 4 and 1000),
  source_body text not null check (length(source_body) between 2 and 120),
  source      text not null check (length(source) between 4 and 300),
  withdraws   bigint unique references reports.statistics,
  reason      text not null default '',
  imported_at timestamptz not null,
  imported_by text not null,
  imported_by_name text not null,
  check (withdraws is null or length(reason) >= 4)
);
create index on reports.statistics (indicator, as_of desc, id desc);
grant select, insert on reports.statistics to skills_app;

-- A report as it was sent: every cell, its hash, how far the records and the trail reached. Never changed; a correction is
-- a new revision beside the old.
create table reports.snapshots (
  id           uuid primary key default uuidv7(),
  kind         text not null check (kind in ('quarter', 'year')),
  period_from  date not null,
  period_to    date not null check (period_to >= period_from),
  revision     int not null check (revision >= 1),
  cells        jsonb not null,
  hash         text not null check (hash ~ '^[0-9a-f]{64}$'),
  through_event bigint not null,
  through_statistic bigint not null,
  chain_seq    bigint not null,
  chain_hash   text,
  problems     text not null default '' check (length(problems) <= 4000),
  next_steps   text not null default '' check (length(next_steps) <= 4000),
  reason       text not null default '',
  made_at      timestamptz not null,
  made_by      text not null,
  made_by_name text not null,
  unique (kind, period_from, revision),
  check (revision = 1 or length(reason) >= 4)
);
grant select, insert on reports.snapshots to skills_app;

-- One open proposal a figure or decision: two people cannot be deciding two different things about one at once.
create unique index settings_one_open_proposal on platform.settings (kind, key) where state = 'proposed';
