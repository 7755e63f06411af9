-- What the public looks at counts over the whole district. These counts are kept beside what they count, by the database
-- itself and in the same transaction, so that a page reads hundreds of rows instead of a hundred thousand.

-- ── How many persons of a claim each fund has paid for ─────────────────────────────────────────────────────────────
create table subsidy.claim_funds (
  claim_id    uuid not null references subsidy.claims,
  fund_source text not null,
  year        int  not null,
  persons     int  not null check (persons > 0),
  primary key (claim_id, fund_source, year)
);
insert into subsidy.claim_funds
  select claim_id, fund_source, year, count(*) from subsidy.line_funds group by claim_id, fund_source, year;
grant select on subsidy.claim_funds to skills_app;

create function subsidy.count_line_funds() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into subsidy.claim_funds as kept (claim_id, fund_source, year, persons)
    select claim_id, fund_source, year, count(*) from added group by claim_id, fund_source, year
    order by claim_id, fund_source, year
  on conflict (claim_id, fund_source, year) do update set persons = kept.persons + excluded.persons;
  return null;
end $$;
create trigger count_line_funds after insert on subsidy.line_funds
  referencing new table as added for each statement execute function subsidy.count_line_funds();

-- ── How many of a class were assessed and how many passed, by the newest result of each ────────────────────────────
-- The same rows as before; written so that a question about one class reads one class.
create or replace view assessment.current_results as
  select r.* from assessment.results r
  where not exists (select from assessment.results n where n.enrolment_id = r.enrolment_id and n.revision > r.revision);

create table assessment.class_rates (
  class_id uuid primary key references training.classes,
  assessed int not null check (assessed >= 0),
  passed   int not null check (passed between 0 and assessed)
);
insert into assessment.class_rates
  select class_id, count(*), count(*) filter (where passed) from assessment.current_results group by class_id;
grant select on assessment.class_rates to skills_app;

create function assessment.count_results() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into assessment.class_rates select distinct class_id, 0, 0 from added order by class_id on conflict do nothing;
  update assessment.class_rates kept set assessed = kept.assessed + t.assessed, passed = kept.passed + t.passed
  from (select n.class_id, count(*) filter (where n.revision = 1) as assessed, sum(n.passed::int - coalesce(o.passed::int, 0)) as passed
    from added n left join assessment.results o on o.enrolment_id = n.enrolment_id and o.revision = n.revision - 1
    group by n.class_id) t
  where t.class_id = kept.class_id;
  return null;
end $$;
create trigger count_results after insert on assessment.results
  referencing new table as added for each statement execute function assessment.count_results();
