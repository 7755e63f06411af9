-- A result is decided anew for a score that two people changed, or for hours that came to the ledger, or left it, after
-- the decision (R35, C17). Each later revision names its one cause.
alter table assessment.results add column cause_hours boolean not null default false; -- the hours of the ledger had changed
do $$
declare name text;
begin
  select conname into strict name from pg_constraint
    where conrelid = 'assessment.results'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%(revision = 1) = (cause_change_id IS NULL)%';
  execute format('alter table assessment.results drop constraint %I', name);
end $$;
alter table assessment.results add constraint revision_has_one_cause
  check ((revision > 1) = (cause_change_id is not null or cause_hours) and not (cause_change_id is not null and cause_hours));
